import type { Phase, SavingState } from "./interface";

/** What the page says about saving. It says "saved" only of a change that is kept. */
export function savingLabel(saving: SavingState, phase: Phase): string {
  switch (saving.status) {
    case "saving":
      return "Saving";
    case "unsaved":
      return "Not saved";
    case "saved":
      return phase === "offline" ? "Offline, kept on this device" : "Saved in this browser";
  }
}
