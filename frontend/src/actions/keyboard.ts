/** Keys and the clipboard's events become actions. */
import type { Context } from "./action";
import { action, actions, attempt, context as page, run } from "./actions";
import { pasteText, selectionText } from "./edit";
import { type KeyPress, matches } from "./shortcut";

/** Fields that keep keys for themselves: text, and lists that one types into. */
const TEXT =
  'input:not([type="checkbox"], [type="radio"], [type="button"], [type="range"]), textarea, select, [contenteditable=""], [contenteditable="true"]:not([aria-readonly="true"]), [role="textbox"]:not([aria-readonly="true"])';
const OWN = 'dialog, [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

function inText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TEXT) !== null;
}

function inOverlay(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OWN) !== null;
}

/** Where an event began, inside a shadow root too: the code's text stands in one. */
function targetOf(event: Event): EventTarget | null {
  return event.composedPath()[0] ?? event.target;
}

/** The enabled action of a key press; null when the key means nothing here. */
export function actionFor(press: KeyPress, target: EventTarget | null, on: Context): string | null {
  const text = inText(target);
  if (inOverlay(target)) return null;
  const found = actions.find(
    (one) => !one.native && (one.inText || !text) && one.shortcuts.some((shortcut) => matches(shortcut, press)),
  );
  return found?.enabled(on) ? found.id : null;
}

/** Listens on the document. The returned function ends it. */
export function listen(on: Context = page): () => void {
  const key = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const id = actionFor(event, targetOf(event), on);
    if (id === null) return;
    event.preventDefault();
    void run(id, on);
  };

  const copy = (event: ClipboardEvent) => {
    if (event.defaultPrevented || elsewhere(event)) return;
    const text = selectionText(on);
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    if (event.type === "cut") void run("delete", on);
  };

  const paste = (event: ClipboardEvent) => {
    if (event.defaultPrevented || inText(targetOf(event)) || inOverlay(targetOf(event))) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.trim() === "" || !action("paste").enabled(on)) return;
    event.preventDefault();
    void attempt(() => pasteText(on, text, on.view().pointer?.() ?? null), on);
  };

  document.addEventListener("keydown", key);
  document.addEventListener("copy", copy);
  document.addEventListener("cut", copy);
  document.addEventListener("paste", paste);
  return () => {
    document.removeEventListener("keydown", key);
    document.removeEventListener("copy", copy);
    document.removeEventListener("cut", copy);
    document.removeEventListener("paste", paste);
  };
}

/** Text that somebody has marked on the page is what they want to copy. */
function elsewhere(event: ClipboardEvent): boolean {
  const marked = document.getSelection();
  return inText(targetOf(event)) || inOverlay(targetOf(event)) || (marked !== null && !marked.isCollapsed);
}
