/** What wires and nodes ask the rest of the page for. */
import type { MouseEvent } from "react";
import { useWorkspace } from "@/workspace/workspace";
import type { WireView } from "./scene";

/** Opens quick-add for a layer to be put on a wire. */
export function insertOn(wire: WireView, event: MouseEvent): void {
  event.stopPropagation();
  const at = { x: event.clientX, y: event.clientY };
  useWorkspace.setState({ quickAdd: { at, aim: { kind: "on", to: wire.to } } });
}
