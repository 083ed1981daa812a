import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./Button";
import "./overlays.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Pixels; the window's width is the limit. */
  width?: number;
  testId?: string;
  /** Its text is only read: the keys must be able to scroll it. */
  reading?: boolean;
}

/** A modal dialog. The browser's own <dialog> keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children, width = 640, testId, reading }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    // A search is what one types into next; else the browser takes the first button.
    element.querySelector<HTMLElement>('input[type="search"]')?.focus();
    return () => element.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      className="dialog"
      style={{ width }}
      data-testid={testId}
      onKeyDown={(event) => event.stopPropagation()}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton label="Close" icon="close" onClick={onClose} />
      </div>
      <div className="dialog-body" tabIndex={reading ? 0 : undefined}>
        {children}
      </div>
    </dialog>
  );
}
