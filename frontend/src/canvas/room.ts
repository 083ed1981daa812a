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

/**
 * Where nodes go whose place was taken by one that grew: down, or to the right, and no further than they must. A gap
 * stays as wide as it was, up to the room that a wire's shape needs; what is free beyond that is used up.
 */
export function makeWay(before: Scene, scene: Scene, places: PlaceMap): Record<string, [number, number]> {
  // A node that was only renamed is known by its entry.
  const renamed = new Map(before.nodes.map((view) => [view.node, view]));
  const boxes: Grown[] = [];
  for (const view of scene.nodes) {
    const at = places.get(view.key);
    if (!at) continue;
    const was = before.byKey.get(view.key) ?? renamed.get(view.node) ?? view;
    boxes.push({ key: view.key, from: [at.x, at.y], to: [at.x, at.y], was: sides(was), size: sides(view) });
  }
  if (boxes.every(({ was, size }) => size[0] <= was[0] && size[1] <= was[1])) return {};
  push(boxes, 1, GAP);
  push(boxes, 0, BESIDE);
  const moved = boxes.filter(({ from, to }) => from[0] !== to[0] || from[1] !== to[1]);
  return Object.fromEntries(moved.map(({ key, to }) => [key, to]));
}

/** Room kept between nodes beside each other. */
const BESIDE = 40;

interface Grown {
  key: string;
  from: readonly [number, number];
  to: [number, number];
  was: readonly [number, number];
  size: readonly [number, number];
}

const sides = ({ width, height }: NodeView) => [width, height] as const;

/** Along one axis, 0 or 1: from the first box to the last, each is pushed by those before it that reach further now. */
function push(boxes: Grown[], axis: 0 | 1, gap: number): void {
  const across = axis === 0 ? 1 : 0;
  const pushing: Grown[] = [];
  for (const box of [...boxes].sort((a, b) => a.from[axis] - b.from[axis])) {
    for (const other of pushing) {
      const end = other.from[axis] + other.was[axis];
      const free = box.from[axis] - end;
      const apart =
        other.to[across] >= box.to[across] + box.size[across] ||
        box.to[across] >= other.to[across] + other.size[across];
      if (apart || free < 0) continue;
      box.to[axis] = Math.max(box.to[axis], other.to[axis] + other.size[axis] + Math.min(free, gap));
    }
    if (box.to[axis] + box.size[axis] > box.from[axis] + box.was[axis]) pushing.push(box);
  }
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
