import type { Phase, RemoteState, SavingState } from "./interface";

/** What the page says about saving. It says "saved" only of a change that is kept. */
export function savingLabel(saving: SavingState, remote: RemoteState, phase: Phase): string {
  if (remote.status === "conflict") return "Conflict";
  if (remote.status === "saved") return "Saved";
  switch (saving.status) {
    case "saving":
      return "Saving";
    case "unsaved":
      return "Not saved";
    case "saved":
      if (remote.status === "pending") return "Saving";
      if (remote.status === "refused") return "Kept on this device only";
      return remote.status === "offline" || phase === "offline"
        ? "Offline, kept on this device"
        : "Saved in this browser";
  }
}
