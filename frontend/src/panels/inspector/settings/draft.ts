/** Text that is being typed: sent while it is a value, kept with the reason while it is none, replaced when the value changes elsewhere. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Json } from "@/document/document";
import type { Parsed } from "./field";

export interface Draft {
  text: string;
  /** Why the text is no value; null while it is one. */
  reason: string | null;
  change(text: string): void;
  blur(): void;
  /** Escape puts the value's own text back; up and down count where `step` says so. */
  keyDown(event: KeyboardEvent): void;
}

interface Options {
  /** The value of the document as text. */
  value: string;
  parse(text: string): Parsed;
  format(value: Json | undefined): string;
  send(value: Json | undefined): void;
  /** The next text for an arrow key; null where the text is no number. */
  step?: (text: string, by: number) => string | null;
}

export function useDraft({ value, parse, format, send, step }: Options): Draft {
  const [text, setText] = useState(value);
  /** The text of what this field sent last: its echo leaves the typed text ("3,5 " for "3, 5") alone. */
  const echo = useRef<string | null>(null);

  useEffect(() => {
    if (echo.current === value) return;
    echo.current = null;
    setText(value);
  }, [value]);

  const parsed = parse(text);
  const change = (next: string) => {
    setText(next);
    const read = parse(next);
    if (!read.ok) return;
    echo.current = format(read.value);
    if (echo.current !== value) send(read.value);
  };
  const blur = () => {
    if (!parsed.ok) return;
    echo.current = null;
    setText(format(parsed.value));
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && text !== value) {
      event.preventDefault();
      event.stopPropagation();
      setText(value);
    }
    if ((event.key === "ArrowUp" || event.key === "ArrowDown") && step) {
      const next = step(text, (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10 : 1));
      if (next === null) return;
      event.preventDefault();
      change(next);
    }
  };
  return { text, reason: parsed.ok ? null : parsed.reason, change, blur, keyDown };
}
