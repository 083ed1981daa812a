/**
 * Where nodes stand: where the document says, else where a layout puts them. Found places are not written into the
 * document by themselves - opening a file changes nothing - but with the first change that places anything.
 */
import { useEffect, useMemo, useState } from "react";
import type { Command } from "@/document/command";
import type { GraphDoc, GraphName } from "@/document/document";
import { layOut } from "./layout/layout";
import type { Point } from "./route";
import type { NodeView, Scene } from "./scene";
import { GAP } from "./size";

export type PlaceMap = ReadonlyMap<string, Point>;

interface Found {
  /** The document and graph that the places are of. */
  of: string;
  places: PlaceMap;
}

export interface Places {
  /** Null until the first layout is there. */
  places: PlaceMap | null;
  /** The command that writes found places down; null when the document has them all. */
  pin(graph: GraphName): Command | null;
}

export function positionOf(view: NodeView): Point | null {
  const position = view.node.position as unknown;
  if (!Array.isArray(position)) return null;
  const [x, y] = position;
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}

export const sizesOf = (scene: Scene): [string, { width: number; height: number }][] =>
  scene.nodes.map(({ key, width, height }) => [key, { width, height }]);

export function usePlaces(graph: GraphDoc | undefined, scene: Scene, of: string, ready: boolean): Places {
  const [found, setFound] = useState<Found>({ of, places: new Map() });
  const known: PlaceMap = found.of === of ? found.places : EMPTY;

  const { placed, missing } = useMemo(() => {
    const placed = new Map<string, Point>();
    const missing: NodeView[] = [];
    for (const view of scene.nodes) {
      const at = positionOf(view) ?? known.get(view.key);
      if (at) placed.set(view.key, at);
      else missing.push(view);
    }
    return { placed, missing };
  }, [scene, known]);

  const all = missing.length > 2 && missing.length * 2 > scene.nodes.length;
  useEffect(() => {
    if (!all || !ready || !graph) return;
    let wanted = true;
    void layOut({ graph, sizes: sizesOf(scene) }).then((places) => {
      if (!wanted || !places) return;
      setFound({ of, places: new Map(Object.entries(places).map(([key, [x, y]]) => [key, { x, y }])) });
    });
    return () => {
      wanted = false;
    };
  }, [all, ready, graph, scene, of]);

  const places = useMemo(() => {
    if (all) return null;
    if (missing.length === 0) return placed;
    const complete = new Map(placed);
    for (const view of missing) complete.set(view.key, besideSource(view, scene, complete));
    return complete;
  }, [all, missing, placed, scene]);

  useEffect(() => {
    // A node that came without a place (a fix of the server) keeps the one it got.
    if (places && missing.length > 0) setFound({ of, places: new Map([...known, ...places]) });
  }, [places, missing, known, of]);

  const pin = (graph: GraphName): Command | null => {
    const loose = scene.nodes.filter((view) => positionOf(view) === null && places?.has(view.key));
    if (loose.length === 0) return null;
    const positions = loose.map(({ key }): [string, [number, number]] => {
      const { x, y } = places!.get(key)!;
      return [key, [x, y]];
    });
    return { kind: "move", graph, positions: Object.fromEntries(positions) };
  };
  return { places, pin };
}

const EMPTY: PlaceMap = new Map();

/** Below the node it reads, or right of everything, where nothing else stands. */
function besideSource(view: NodeView, scene: Scene, places: PlaceMap): Point {
  const wire = scene.wires.find((one) => one.to.node === view.key && places.has(one.from.node));
  const source = wire ? scene.byKey.get(wire.from.node) : undefined;
  const at = source ? places.get(source.key) : undefined;
  if (source && at) {
    const x = at.x + (source.width - view.width) / 2;
    return freePlace({ x, y: at.y + source.height + GAP }, view, scene, places);
  }
  const reader = scene.wires.find((one) => one.from.node === view.key && places.has(one.to.node));
  const below = reader ? places.get(reader.to.node) : undefined;
  if (below) return freePlace({ x: below.x, y: below.y - view.height - GAP }, view, scene, places);
  return freePlace({ x: 0, y: 0 }, view, scene, places);
}

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
