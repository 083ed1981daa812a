/** Room on the canvas: places where nothing stands, and nodes that make way. */
import type { Point } from "./route";
import type { NodeView, Scene } from "./scene";
import { GAP, WIDTH } from "./size";

export type PlaceMap = ReadonlyMap<string, Point>;

/** The nearest place at or right of this one that covers no node. */
export function freePlace(
  start: Point,
  size: { width: number; height: number },
  scene: Scene,
  places: PlaceMap,
): Point {
  let { x } = start;
  const { y } = start;
  for (let tries = 0; tries < 200; tries++) {
    const hit = scene.nodes.find((other) => {
      const at = places.get(other.key);
      if (!at) return false;
      const clearX = x >= at.x + other.width + 16 || at.x >= x + size.width + 16;
      const clearY = y >= at.y + other.height + 16 || at.y >= y + size.height + 16;
      return !clearX && !clearY;
    });
    if (!hit) break;
    x = places.get(hit.key)!.x + hit.width + 40;
  }
  return { x, y };
}

/** A place between two nodes; the reader and what follows it move down where there is no room. */
export function between(
  source: NodeView | undefined,
  reader: NodeView,
  size: { width: number; height: number },
  dropped: Point | null,
  scene: Scene,
  places: PlaceMap,
): { place: Point; moved: Record<string, [number, number]> | null } {
  const to = places.get(reader.key)!;
  const from = source ? places.get(source.key) : undefined;
  if (!source || !from) return { place: dropped ?? { x: to.x, y: to.y - size.height - GAP }, moved: null };
  const top = from.y + source.height;
  const straight = Math.abs(from.x + source.width / 2 - to.x - reader.width / 2) < WIDTH;
  if (!straight || to.y < top) return { place: dropped ?? { x: from.x, y: top + GAP }, moved: null };
  const middle = (from.x + source.width / 2 + to.x + reader.width / 2) / 2;
  const room = to.y - top;
  const needed = size.height + 2 * GAP;
  const place = { x: middle - size.width / 2, y: room >= needed ? top + (room - size.height) / 2 : top + GAP };
  if (room >= needed) return { place, moved: null };
  const positions: Record<string, [number, number]> = {};
  for (const key of following(reader.key, scene)) {
    const spot = places.get(key);
    if (spot && spot.y >= to.y) positions[key] = [spot.x, spot.y + needed - room];
  }
  return { place, moved: positions };
}

/** A node and everything that reads on from it. */
function following(start: string, scene: Scene): Set<string> {
  const found = new Set([start]);
  const readers = new Map<string, string[]>();
  for (const wire of scene.wires) readers.set(wire.from.node, [...(readers.get(wire.from.node) ?? []), wire.to.node]);
  const todo = [start];
  for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
    for (const reader of readers.get(key) ?? []) {
      if (found.has(reader)) continue;
      found.add(reader);
      todo.push(reader);
    }
  }
  return found;
}
