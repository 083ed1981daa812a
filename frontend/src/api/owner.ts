/** Whose networks are "one's own" on the server: whoever has this secret of the browser's. There are no accounts. */
import { randomId } from "./session";

const KEY = "torchwire-owner";

/** The browser's secret, made once. Where the browser keeps nothing, one for this load of the page. */
export function browserOwner(): string {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept !== null && /^[0-9a-f]{32}$/.test(kept)) return kept;
    const made = randomId();
    localStorage.setItem(KEY, made);
    return localStorage.getItem(KEY) ?? made;
  } catch {
    return randomId();
  }
}
