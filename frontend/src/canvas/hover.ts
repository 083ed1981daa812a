/** Which wires the pointer is at: hovered, about to take a dragged node in, selected. */
import { create } from "zustand";

interface Hover {
  wire: string | null;
  /** A dragged node or layer would be inserted here. */
  dropOn: string | null;
  selected: ReadonlySet<string>;
}

export const NO_WIRES: ReadonlySet<string> = new Set();

export const useHover = create<Hover>(() => ({ wire: null, dropOn: null, selected: NO_WIRES }));
