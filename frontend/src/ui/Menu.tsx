import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Icon, type IconName } from "./Icon";
import { Kbd } from "./Kbd";
import { placeBeside } from "./place";
import "./overlays.css";

export interface MenuItem {
  label: string;
  /** A second, quieter line. */
  hint?: string;
  icon?: IconName;
  shortcut?: string;
  disabled?: boolean;
  checked?: boolean;
  onSelect: () => void;
}

/** `null` is a separator. */
export type MenuItems = readonly (MenuItem | null)[];

interface MenuListProps {
  label: string;
  items: MenuItems;
  anchor: DOMRect;
  align?: "start" | "end";
  onClose: () => void;
}

/** The open list: arrows, Home, End, first letters, Enter, Escape; a press elsewhere closes it. */
export function MenuList({ label, items, anchor, align = "start", onClose }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    placeBeside(list.current!, anchor, align, 4);
    list.current!.querySelector<HTMLElement>("[role^=menuitem]:not([aria-disabled=true])")?.focus();
    return () => before?.focus({ preventScroll: true });
  }, [anchor, align]);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (!list.current?.contains(event.target as Node)) close.current();
    };
    window.addEventListener("pointerdown", outside, true);
    return () => window.removeEventListener("pointerdown", outside, true);
  }, []);

  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    const rows = [...list.current!.querySelectorAll<HTMLElement>("[role^=menuitem]:not([aria-disabled=true])")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const go = (index: number) => {
      event.preventDefault();
      rows[(index + rows.length) % rows.length]?.focus();
    };
    if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(rows.length - 1);
    else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose();
    } else if (event.key.length === 1 && event.key !== " ") {
      const letter = event.key.toLowerCase();
      const next = [...rows.slice(at + 1), ...rows].find((row) =>
        row.textContent?.trim().toLowerCase().startsWith(letter),
      );
      next?.focus();
    }
  };

  return createPortal(
    <div ref={list} role="menu" tabIndex={-1} aria-label={label} className="menu" onKeyDown={keys}>
      {items.map((item, index) =>
        item === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: separators have no name
          <hr key={index} />
        ) : (
          // biome-ignore lint/a11y/useAriaPropsSupportedByRole: menuitemradio has aria-checked; menuitem gets none
          <button
            key={`${item.label}\n${item.hint ?? ""}`}
            type="button"
            role={item.checked === undefined ? "menuitem" : "menuitemradio"}
            aria-checked={item.checked}
            aria-disabled={item.disabled || undefined}
            tabIndex={-1}
            onPointerMove={(event) => event.currentTarget.focus()}
            onClick={() => {
              if (item.disabled) return;
              onClose();
              item.onSelect();
            }}
          >
            <span className="menu-icon">
              {item.checked ? <Icon name="check" /> : item.icon && <Icon name={item.icon} />}
            </span>
            <span className="menu-label">
              {item.label}
              {item.hint && <small>{item.hint}</small>}
            </span>
            {item.shortcut && <Kbd>{item.shortcut}</Kbd>}
          </button>
        ),
      )}
    </div>,
    // Inside a landmark, where a screen reader's user finds it.
    document.querySelector("main") ?? document.body,
  );
}

interface MenuProps {
  label: string;
  items: MenuItems;
  align?: "start" | "end";
  className?: string;
  children: ReactNode;
  testId?: string;
}

/** A button that opens a menu. */
export function Menu({ label, items, align, className = "btn plain", children, testId }: MenuProps) {
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        data-testid={testId}
        onClick={(event) => setAnchor(event.currentTarget.getBoundingClientRect())}
      >
        {children}
      </button>
      {anchor && <MenuList label={label} items={items} anchor={anchor} align={align} onClose={() => setAnchor(null)} />}
    </>
  );
}
