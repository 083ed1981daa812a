/**
 * Light or dark. `data-theme` on <html> is always "light" or "dark": what the person chose, else what the system says.
 * One attribute instead of two copies of the dark colours (media query and attribute).
 */
import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const KEY = "torchwire-theme";
const system = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
const listeners = new Set<() => void>();

function read(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system"; // storage is blocked: the system's theme
  }
}

let choice = read();

function paint(): void {
  const dark = choice === "dark" || (choice === "system" && (system?.matches ?? false));
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  for (const listener of listeners) listener();
}

/** Paints the theme and follows the system. Call once, before the first paint. */
export function startTheme(): void {
  paint();
  system?.addEventListener("change", paint);
}

export function setTheme(next: ThemeChoice): void {
  choice = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Blocked storage: the choice lasts as long as the page.
  }
  paint();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): { choice: ThemeChoice; dark: boolean } {
  const now = useSyncExternalStore(subscribe, () => choice);
  const dark = useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme === "dark");
  return { choice: now, dark };
}
