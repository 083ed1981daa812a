/** The chosen entry of a list below a search field: arrows go through it, Enter takes it. */
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

export interface Choice {
  /** The list itself; an entry has its number as `data-index`. */
  list: RefObject<HTMLDivElement | null>;
  /** The number of the chosen entry; -1 for none. */
  active: number;
  choose(index: number): void;
  /** Whether the key was one of the list's. */
  handled(event: KeyboardEvent): boolean;
}

export function useChoice(count: number, first: number, take: (index: number) => void): Choice {
  const list = useRef<HTMLDivElement>(null);
  const [active, choose] = useState(first);
  useEffect(() => {
    list.current?.querySelector(`[data-index="${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const handled = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== "Enter") return false;
    event.preventDefault();
    if (step === undefined) take(active);
    else choose(Math.max(0, Math.min(count - 1, active + step)));
    return true;
  };
  return { list, active, choose, handled };
}
