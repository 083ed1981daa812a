/**
 * The path of a wire, from the foot of its source to the head of its reader. Wires that would run through other nodes, and
 * those that go up, take a lane beside them: a skip connection is seen as such.
 */
export interface Point {
  x: number;
  y: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const LANE = 26;
const TURN = 10;

/** The x of the lane that the wire takes; null when it goes straight to its reader. */
export function laneOf(from: Point, to: Point, boxes: Iterable<Box>, own: readonly Box[]): number | null {
  const up = to.y < from.y + 2 * TURN;
  if (!up && to.y - from.y < 40) return null;
  const left = Math.min(from.x, to.x);
  const right = Math.max(from.x, to.x);
  const top = up ? to.y - TURN : from.y;
  const bottom = up ? from.y + TURN : to.y;
  let blocked = up;
  let edge = right;
  let nearest = left;
  for (const box of boxes) {
    // A wire that goes up passes its own two nodes as well.
    if (!up && own.includes(box)) continue;
    const above = box.y + box.height <= top + 1;
    const below = box.y >= bottom - 1;
    if (above || below) continue;
    if (!up && !crosses(from, to, box)) continue;
    if (up && (box.x > right + 160 || box.x + box.width < left - 160)) continue;
    blocked = true;
    edge = Math.max(edge, box.x + box.width);
    nearest = Math.min(nearest, box.x);
  }
  if (!blocked) return null;
  // The nearer side; the right one when both are as far, so that skips of one column are on one side.
  const middle = (from.x + to.x) / 2;
  const onLeft = middle - nearest < edge - middle - 8;
  return onLeft ? nearest - LANE : edge + LANE;
}

/** Whether the curve between the two points comes near the box: it leaves and arrives upright, half way it is between. */
function crosses(from: Point, to: Point, box: Box): boolean {
  for (const share of [0.12, 0.3, 0.5, 0.7, 0.88]) {
    const eased = share * share * (3 - 2 * share);
    const x = from.x + (to.x - from.x) * eased;
    const y = from.y + (to.y - from.y) * share;
    const half = (to.y - from.y) * 0.12;
    if (x < box.x - 4 || x > box.x + box.width + 4) continue;
    if (y + half >= box.y && y - half <= box.y + box.height) return true;
  }
  return false;
}

export interface Route {
  path: string;
  /** Where its shape stands. */
  label: Point;
}

export function routeOf(from: Point, to: Point, lane: number | null): Route {
  if (lane === null) {
    if (Math.abs(from.x - to.x) < 2) {
      return { path: `M${from.x} ${from.y}L${to.x} ${to.y}`, label: { x: from.x, y: (from.y + to.y) / 2 } };
    }
    const bend = Math.max(18, (to.y - from.y) / 2);
    const path = `M${from.x} ${from.y}C${from.x} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}`;
    return { path, label: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 } };
  }
  const out = from.y + TURN;
  const home = to.y - TURN;
  const points = [from, { x: from.x, y: out }, { x: lane, y: out }, { x: lane, y: home }, { x: to.x, y: home }, to];
  return { path: rounded(points, 9), label: { x: lane, y: (out + home) / 2 } };
}

/** A line through the points, its corners rounded. */
function rounded(points: readonly Point[], radius: number): string {
  let path = `M${points[0]!.x} ${points[0]!.y}`;
  for (let n = 1; n < points.length - 1; n++) {
    const [before, corner, after] = [points[n - 1]!, points[n]!, points[n + 1]!];
    const enter = toward(corner, before, radius);
    const leave = toward(corner, after, radius);
    path += `L${enter.x} ${enter.y}Q${corner.x} ${corner.y} ${leave.x} ${leave.y}`;
  }
  const last = points.at(-1)!;
  return `${path}L${last.x} ${last.y}`;
}

/** The point `distance` away from `from` on the way to `to`, half way at most. */
function toward(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(distance / length, 0.5);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
