/**
 * The size of a node, known without drawing it: what is laid out, routed and virtualised needs it before the first paint.
 * node.css gives each part the same height.
 */
export const TITLE = 34;
export const ROW = 17;
export const ROWS_END = 8;
export const FOOT = 26;
export const PORTS = 18;
export const WIDTH = 216;
const STEP = 16;
const WIDEST = 328;
const WIDEST_PORTS = 488;
/** Room between a node and the next below: the shape of the wire stands in it. */
export const GAP = 54;

export interface SizeParts {
  name: string;
  type: string;
  rows: number;
  foot: boolean;
  inPorts: readonly string[];
  outPorts: readonly string[];
}

/** Widths grow in steps of twice the grid: nodes on one line keep one middle, and their wires are straight. */
export function nodeSize({ name, type, rows, foot, inPorts, outPorts }: SizeParts): { width: number; height: number } {
  const title = 56 + name.length * 7.4 + type.length * 6.7;
  const ports = (labels: readonly string[]) =>
    labels.length > 1
      ? Math.min(WIDEST_PORTS, Math.max(...labels.map((label) => label.length * 6.4 + 12)) * labels.length)
      : 0;
  const wanted = Math.max(Math.min(WIDEST, title), ports(inPorts), ports(outPorts));
  const width = WIDTH + Math.max(0, Math.ceil((wanted - WIDTH) / STEP)) * STEP;
  const height =
    TITLE +
    (rows > 0 ? rows * ROW + ROWS_END : 0) +
    (foot ? FOOT : 0) +
    (inPorts.length > 1 ? PORTS : 0) +
    (outPorts.length > 1 ? PORTS : 0);
  return { width, height };
}

/** Where the n-th of `count` handles stands, as a share of the width. */
export function handlePlace(n: number, count: number): number {
  return (n + 1) / (count + 1);
}
