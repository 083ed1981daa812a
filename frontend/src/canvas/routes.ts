/** The ways of all wires, for places as they are now; a wire keeps its way while its ends and what is between stay. */

import type { PlaceMap } from "./room";
import { type Box, laneOf, type Point, type Route, routeOf } from "./route";
import type { NodeView, Scene, WireView } from "./scene";

export interface Routed {
  routes: Map<string, Route>;
  /** What each was made of, to know when it still holds. */
  made: Map<string, string>;
}

export function endPoint(view: NodeView, side: "in" | "out", port: string, at: Point): Point {
  const ports = side === "in" ? view.inputs : view.outputs;
  const found = ports.find((one) => one.name === port);
  return { x: at.x + (found?.place ?? 0.5) * view.width, y: side === "in" ? at.y : at.y + view.height };
}

const APART = 14;

/** `moving`: only wires at these nodes are made anew (a drag); null: all of them. */
export function routeAll(
  scene: Scene,
  places: PlaceMap,
  before: Routed | null,
  moving: ReadonlySet<string> | null,
): Routed {
  const boxes = new Map<string, Box>();
  for (const view of scene.nodes) {
    const at = places.get(view.key);
    if (at) boxes.set(view.key, { x: at.x, y: at.y, width: view.width, height: view.height });
  }
  const routes = new Map<string, Route>();
  const made = new Map<string, string>();
  const lanes: Lane[] = [];
  for (const wire of drawn(scene)) {
    const source = boxes.get(wire.from.node);
    const reader = boxes.get(wire.to.node);
    if (!source || !reader) continue;
    const old = before?.routes.get(wire.id);
    if (moving && old && !moving.has(wire.from.node) && !moving.has(wire.to.node)) {
      routes.set(wire.id, old);
      made.set(wire.id, before!.made.get(wire.id)!);
      continue;
    }
    const start = endPoint(scene.byKey.get(wire.from.node)!, "out", wire.from.port, source);
    const end = endPoint(scene.byKey.get(wire.to.node)!, "in", wire.to.port, reader);
    const free = laneOf(start, end, boxes.values(), [source, reader]);
    const lane = free === null ? null : ownLane(free, start, end, wire.reference, lanes, boxes);
    const sign = `${start.x} ${start.y} ${end.x} ${end.y} ${lane}`;
    routes.set(wire.id, old && before!.made.get(wire.id) === sign ? old : routeOf(start, end, lane));
    made.set(wire.id, sign);
  }
  return { routes, made };
}

interface Lane {
  x: number;
  top: number;
  bottom: number;
  reference: string;
}

/** Beside the lanes that other wires have at this height; wires of one output share theirs. */
function ownLane(
  free: number,
  start: Point,
  end: Point,
  reference: string,
  lanes: Lane[],
  boxes: ReadonlyMap<string, Box>,
): number {
  const top = Math.min(start.y, end.y);
  const bottom = Math.max(start.y, end.y);
  const outward = free > Math.max(start.x, end.x) ? 1 : -1;
  let x = free;
  const taken = () =>
    [...boxes.values()].some(
      (box) => x > box.x - 10 && x < box.x + box.width + 10 && box.y < bottom - 12 && top + 12 < box.y + box.height,
    ) ||
    lanes.some(
      (lane) =>
        lane.reference !== reference && Math.abs(lane.x - x) < APART - 1 && lane.top < bottom && top < lane.bottom,
    );
  for (let n = 0; n < 40 && taken(); n++) x += outward * APART;
  lanes.push({ x, top, bottom, reference });
  return x;
}

/** Wires between ports; calls and sizes are drawn beside the nodes. */
export function drawn(scene: Scene): WireView[] {
  return scene.wires.filter((wire) => !wire.broken && (wire.kind === "wire" || wire.kind === "tie"));
}

/** The line of a call or a size, from the source's left side to the reader's; `x` is how far left it goes. */
export function sideLine(wire: WireView, scene: Scene, places: PlaceMap): { path: string; x: number } | null {
  const source = scene.byKey.get(wire.from.node);
  const reader = scene.byKey.get(wire.to.node);
  const from = source && places.get(source.key);
  const to = reader && places.get(reader.key);
  if (!from || !to) return null;
  const start = { x: from.x, y: from.y + source.height / 2 };
  const end = { x: to.x, y: to.y + reader.height / 2 };
  const x = Math.min(start.x, end.x) - 22 - Math.min(40, Math.abs(start.y - end.y) / 12);
  return { path: `M${start.x} ${start.y}C${x} ${start.y} ${x} ${end.y} ${end.x} ${end.y}`, x };
}
