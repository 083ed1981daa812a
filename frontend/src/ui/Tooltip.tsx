import { type FocusEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { placeBeside } from "./place";
import "./overlays.css";

const DELAY = 450;

/** A few words beside what is pointed at or focused. Never the only place for what a person needs to know. */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactNode }) {
  const id = useId();
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tip = useRef<HTMLDivElement>(null);

  const hide = () => {
    clearTimeout(timer.current);
    setAnchor(null);
  };
  const show = (event: PointerEvent | FocusEvent, delay: number) => {
    const target = event.currentTarget.firstElementChild;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(target?.getBoundingClientRect() ?? null), delay);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (anchor && tip.current) placeBeside(tip.current, anchor, "below", 6);
  }, [anchor]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the child's own focus and pointer
    <span
      className="tooltip-host"
      onPointerEnter={(event) => event.pointerType === "mouse" && show(event, DELAY)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(":focus-visible") && show(event, 0)}
      onBlur={hide}
      onKeyDown={(event) => event.key === "Escape" && hide()}
    >
      {children}
      {anchor &&
        createPortal(
          <div ref={tip} id={id} role="tooltip" className="tooltip">
            {content}
          </div>,
          document.body,
        )}
    </span>
  );
}
