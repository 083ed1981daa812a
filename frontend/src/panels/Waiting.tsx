/** What stands in the place of a part whose code is still to come. */
import type { ReactNode } from "react";
import { Dialog } from "@/ui/Dialog";

export function words(said: string): ReactNode {
  return (
    <p className="waiting" role="status">
      {said}
    </p>
  );
}

/** In the dialog itself, open at once: what is typed meanwhile is not for the canvas. */
export function inDialog(title: string) {
  return (said: string, { onClose }: { onClose(): void }) => (
    <Dialog title={title} onClose={onClose}>
      {words(said)}
    </Dialog>
  );
}
