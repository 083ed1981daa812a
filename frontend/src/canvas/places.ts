/**
 * Where nodes stand: where the document says, else where a layout puts them. Found places are written down at once, so
 * that what is copied or saved has them; that is no change a person made, and no entry of the history.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { GraphDoc } from "@/document/document";
import { editor } from "@/editor/session";
import { layOut } from "./layout/layout";
import { between, freePlace, makeWay, type PlaceMap } from "./room";
import type { Point } from "./route";
import type { NodeView, Scene } from "./scene";
import { GAP } from "./size";

interface Found {
  /** The document and graph that the places are of. */
  of: string;
  places: PlaceMap;
}

export function positionOf(view: NodeView): Point | null {
  const position = view.node.position as unknown;
  if (!Array.isArray(position)) return null;
  const [x, y] = position;
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}

export const sizesOf = (scene: Scene): [string, { width: number; height: number }][] =>
  scene.nodes.map(({ key, width, height }) => [key, { width, height }]);

export function usePlaces(graph: GraphDoc | undefined, scene: Scene, of: string, ready: boolean): PlaceMap | null {
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
    for (const view of missing) putIn(view, scene, complete);
    return complete;
  }, [all, missing, placed, scene]);

  useEffect(() => {
    if (!places) return;
    const loose = scene.nodes.filter((view) => positionOf(view) === null);
    if (loose.length === 0) return;
    const moved = scene.nodes.filter((view) => {
      const at = places.get(view.key);
      const old = positionOf(view);
      return at && (old === null || old.x !== at.x || old.y !== at.y);
    });
    editor.settle(
      Object.fromEntries(
        moved.map(({ key }): [string, [number, number]] => [key, [places.get(key)!.x, places.get(key)!.y]]),
      ),
    );
  }, [places, scene]);

  useGrowth(graph, scene, of, places);
  return places;
}

/** Nodes make way for one that has grown: a parameter more, a second input. Before anything is painted. */
function useGrowth(graph: GraphDoc | undefined, scene: Scene, of: string, places: PlaceMap | null): void {
  const shown = useRef<{ of: string; graph: GraphDoc; scene: Scene } | null>(null);
  const known = useRef(new WeakSet<GraphDoc>());
  useLayoutEffect(() => {
    if (!places || !graph) return;
    const last = shown.current;
    // Undo and redo bring back what stood well already.
    const back = last?.graph !== graph && known.current.has(graph);
    shown.current = { of, graph, scene };
    known.current.add(graph);
    if (!last || last.of !== of || last.scene === scene || back) return;
    const moved = makeWay(last.scene, scene, places);
    if (Object.keys(moved).length > 0) editor.settle(moved);
  }, [graph, scene, of, places]);
}

const EMPTY: PlaceMap = new Map();

/** Into the wires it has, or below the node it reads, or where nothing else stands. */
function putIn(view: NodeView, scene: Scene, places: Map<string, Point>): void {
  const wire = scene.wires.find((one) => one.to.node === view.key && places.has(one.from.node));
  const source = wire ? scene.byKey.get(wire.from.node) : undefined;
  const reading = scene.wires.find((one) => one.from.node === view.key && places.has(one.to.node));
  const reader = reading ? scene.byKey.get(reading.to.node) : undefined;
  if (reader) {
    const { place, moved } = between(source, reader, view, null, scene, places);
    for (const [key, [x, y]] of Object.entries(moved ?? {})) places.set(key, { x, y });
    places.set(view.key, place);
    return;
  }
  const at = source ? places.get(source.key) : undefined;
  const below = source && at && { x: at.x + (source.width - view.width) / 2, y: at.y + source.height + GAP };
  places.set(view.key, freePlace(below ?? { x: 0, y: 0 }, view, scene, places));
}
