/** Shortcuts as text: "Mod+Shift+Z", "F2", "?". */

export interface KeyPress {
  key: string;
  /** The place on the keyboard: letters stay where they are on a keyboard with another alphabet. */
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
}

function partsOf(shortcut: string): { key: string; mod: boolean; shift: boolean; alt: boolean } {
  const parts = shortcut === "+" ? ["+"] : shortcut.split("+");
  const key = parts.at(-1)!;
  return { key, mod: parts.includes("Mod"), shift: parts.includes("Shift"), alt: parts.includes("Alt") };
}

/** Whether a key press is this shortcut. */
export function matches(shortcut: string, press: KeyPress, mac = isMac()): boolean {
  const wanted = partsOf(shortcut);
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (mod !== wanted.mod || other || press.altKey !== wanted.alt) return false;
  // "?" and "+" need Shift on some keyboards and not on others: the character counts.
  const character = wanted.key.length === 1 && !/[A-Z0-9]/.test(wanted.key);
  if (character) return press.key === wanted.key;
  if (press.shiftKey !== wanted.shift) return false;
  if (/^[0-9]$/.test(wanted.key)) return press.code === `Digit${wanted.key}` || press.key === wanted.key;
  if (/^[A-Z]$/.test(wanted.key)) {
    // Latin letters by their character, so that Z is where it is written; others (and Alt on a Mac) by their place.
    const latin = /^[a-z]$/i.test(press.key);
    return latin ? press.key.toUpperCase() === wanted.key : press.code === `Key${wanted.key}`;
  }
  return press.key === wanted.key;
}

const MAC: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Backspace: "⌫", Delete: "⌦" };
const OTHERS: Record<string, string> = { Mod: "Ctrl", Delete: "Del", ArrowUp: "Up" };

/** For people: "Ctrl+Shift+Z", on a Mac "⌘⇧Z". */
export function formatShortcut(shortcut: string, mac = isMac()): string {
  const parts = shortcut === "+" ? ["+"] : shortcut.split("+");
  const words = parts.map((part) => (mac ? MAC[part] : OTHERS[part]) ?? part);
  return words.join(mac ? "" : "+");
}
