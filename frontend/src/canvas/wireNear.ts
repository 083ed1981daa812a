import type { Point, Route } from "./route";

/** The wire whose line passes nearest to the point, within a distance; null when none does. */
export function wireNear(point: Point, routes: ReadonlyMap<string, Route>, distance: number): string | null {
  let best: string | null = null;
  let least = distance;
  for (const [id, route] of routes) {
    const away = distanceTo(point, route);
    if (away < least) {
      least = away;
      best = id;
    }
  }
  return best;
}

/** How far the point is from the line between the corners of a path (control points of its bends among them). */
function distanceTo(point: Point, { path }: Route): number {
  const numbers = path.match(/-?\d+(\.\d+)?/g)!.map(Number);
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n + 3 < numbers.length; n += 2) {
    least = Math.min(least, toSegment(point, numbers[n]!, numbers[n + 1]!, numbers[n + 2]!, numbers[n + 3]!));
  }
  return least;
}

function toSegment({ x, y }: Point, x1: number, y1: number, x2: number, y2: number): number {
  const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length));
  return Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1));
}
