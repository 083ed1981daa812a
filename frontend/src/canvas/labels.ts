import { createContext } from "react";

/**
 * The layer of React Flow that shapes are drawn in. Its own EdgeLabelRenderer looks this element up again for each wire at
 * each step of a drag: 20 ms at 500 wires.
 */
export const LabelLayer = createContext<HTMLElement | null>(null);
