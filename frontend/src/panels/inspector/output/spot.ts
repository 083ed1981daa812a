/** What the drawings of maps share: where the pointer or the keyboard is, and how the keys walk. */
import type { Tensor } from "../tensor/tensor";

/** Pixels of a page. */
export const HEIGHT = 320;

export interface Spot {
  map: number;
  row: number;
  column: number;
}

export interface DrawnProps {
  /** Pixels to draw on. */
  width: number;
  tensor: Tensor;
  together: boolean;
  chosen: readonly number[];
  paint: (value: number) => number;
  spot: Spot | null;
  setSpot(spot: Spot | null): void;
}

export const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
