/** Nodes put in line, or spread evenly. */

export interface Frame {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Positions = Record<string, [number, number]>;

/** The edge, or the middle, that all of them get. "centre" is one below the other, "middle" one beside the other. */
export type Line = "left" | "centre" | "right" | "top" | "middle" | "bottom";

/** All on one line: that of the outermost, or of the middle of them all. */
export function align(frames: readonly Frame[], line: Line): Positions {
  const left = Math.min(...frames.map(({ x }) => x));
  const top = Math.min(...frames.map(({ y }) => y));
  const right = Math.max(...frames.map(({ x, width }) => x + width));
  const bottom = Math.max(...frames.map(({ y, height }) => y + height));
  const place = ({ x, y, width, height }: Frame): [number, number] => {
    switch (line) {
      case "left":
        return [left, y];
      case "centre":
        return [Math.round((left + right - width) / 2), y];
      case "right":
        return [right - width, y];
      case "top":
        return [x, top];
      case "middle":
        return [x, Math.round((top + bottom - height) / 2)];
      case "bottom":
        return [x, bottom - height];
    }
  };
  return Object.fromEntries(frames.map((frame) => [frame.key, place(frame)]));
}

/** The same gap between each and the next; the first and the last stay. */
export function spread(frames: readonly Frame[], along: "x" | "y"): Positions {
  const size = along === "x" ? "width" : "height";
  const sorted = [...frames].sort((a, b) => a[along] + a[size] / 2 - b[along] - b[size] / 2);
  const first = sorted[0]!;
  const last = sorted.at(-1)!;
  const taken = sorted.reduce((sum, frame) => sum + frame[size], 0);
  const gap = (last[along] + last[size] - first[along] - taken) / (sorted.length - 1);
  let at = first[along];
  const found: Positions = {};
  for (const { key, x, y, [size]: length } of sorted) {
    found[key] = along === "x" ? [Math.round(at), y] : [x, Math.round(at)];
    at += length + gap;
  }
  return found;
}
