/** What of the graph is in sight: at first its beginning at a readable size, then where the person left it. */
import { useReactFlow, useStore, useStoreApi, type Viewport } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useEditor } from "@/editor/hooks";
import { editor } from "@/editor/session";
import type { PlaceMap } from "./room";
import type { Scene } from "./scene";
import { useStable } from "./useStable";

/** Below this zoom only names are drawn. */
const FAR = 0.4;
/** Below this one a node would be less than a few pixels: from here on all of them are drawn that large. */
const TINY = 0.06;
/** The smallest zoom at which a network is opened: smaller than this nobody reads. */
const READABLE = 0.85;
/** Everything is to fit: a chain of 5,000 layers, the most that a document has, is this small. */
export const MIN_ZOOM = 0.0015;
const MARGIN = 44;
/** Room for the zoom buttons. */
const BELOW = 72;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function boundsOf(scene: Scene, places: PlaceMap, keys?: ReadonlySet<string>): Box | null {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const view of scene.nodes) {
    const at = places.get(view.key);
    if (!at || (keys && !keys.has(view.key))) continue;
    left = Math.min(left, at.x);
    top = Math.min(top, at.y);
    right = Math.max(right, at.x + view.width);
    bottom = Math.max(bottom, at.y + view.height);
  }
  return left === Number.POSITIVE_INFINITY ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const duration = () => (calm() ? 0 : 180);

export function useViewport(scene: Scene, places: PlaceMap | null, of: string) {
  const { setViewport, getViewport } = useReactFlow();
  const api = useStoreApi();
  const sized = useStore((state) => state.width > 0 && state.height > 0);
  const reveal = useEditor((state) => state.reveal);
  const kept = useRef(new Map<string, Viewport>());
  const shown = useRef<string | null>(null);

  const fitTo = (box: Box, least: number, most: number, animate: boolean) => {
    const { width, height } = api.getState();
    const wanted = Math.min((width - 2 * MARGIN) / box.width, (height - 2 * MARGIN) / box.height);
    const zoom = Math.min(most, Math.max(least, wanted));
    const tall = box.height * zoom > height - 2 * MARGIN;
    const wide = box.width * zoom > width - 2 * MARGIN;
    const x = wide && least > wanted ? MARGIN - box.x * zoom : (width - box.width * zoom) / 2 - box.x * zoom;
    const y = tall ? MARGIN - box.y * zoom : (height - box.height * zoom) / 2 - box.y * zoom;
    void setViewport({ x, y, zoom }, { duration: animate ? duration() : 0 });
  };

  // A document or block that comes into hand.
  useEffect(() => {
    if (!places || !sized || shown.current === of) return;
    if (shown.current !== null) kept.current.set(shown.current, getViewport());
    shown.current = of;
    const before = kept.current.get(of);
    const box = boundsOf(scene, places);
    if (before) void setViewport(before);
    else if (box) fitTo(box, READABLE, 1, false);
    else void setViewport({ x: 0, y: 0, zoom: 1 });
  });

  // A panel beside the canvas opens or folds: what was in the middle stays in the middle.
  const width = useStore((state) => state.width);
  const wide = useRef(0);
  useEffect(() => {
    const change = width - wide.current;
    const first = wide.current === 0;
    wide.current = width;
    if (first || change === 0 || width === 0) return;
    const { x, y, zoom } = getViewport();
    void setViewport({ x: x + change / 2, y, zoom });
  }, [width, getViewport, setViewport]);

  // The inspector's sheet or the problems take a part away: the selected node stays in sight.
  const height = useStore((state) => state.height);
  const high = useRef(0);
  useEffect(() => {
    const less = height < high.current;
    high.current = height;
    if (!less || !places) return;
    const box = boundsOf(scene, places, editor.state().selection);
    if (!box) return;
    const { x, y, zoom } = getViewport();
    const over = (box.y + box.height) * zoom + y + BELOW - height;
    if (over > 0 && over < 2 * innerHeight) void setViewport({ x, y: y - over, zoom });
  }, [height, scene, places, getViewport, setViewport]);

  // Nodes to be brought into sight (a click on a problem), if they are not.
  const revealed = useRef(reveal.count);
  useEffect(() => {
    if (!places || revealed.current === reveal.count) return;
    revealed.current = reveal.count;
    const box = boundsOf(scene, places, new Set(reveal.nodes));
    if (!box) return;
    const { width, height, transform } = api.getState();
    const [x, y, zoom] = transform;
    const left = box.x * zoom + x;
    const top = box.y * zoom + y;
    const inside = left > 8 && top > 8 && left + box.width * zoom < width - 8 && top + box.height * zoom < height - 8;
    if (inside && zoom >= FAR) return;
    const close = Math.max(zoom, 0.8);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    void setViewport(
      { x: width / 2 - middle.x * close, y: height / 2 - middle.y * close, zoom: close },
      { duration: duration() },
    );
  });

  const { onMove } = useStable({
    onMove: (_event: unknown, { zoom }: Viewport) => {
      const root = api.getState().domNode?.parentElement;
      root?.classList.toggle("far", zoom < FAR);
      root?.classList.toggle("tiny", zoom < TINY);
      if (zoom < TINY) root?.style.setProperty("--pixel", `${1 / zoom}px`);
    },
  });

  return {
    onMove,
    fit: (keys?: readonly string[]) => {
      const box = places && boundsOf(scene, places, keys ? new Set(keys) : undefined);
      if (box) fitTo(box, MIN_ZOOM, keys ? 1.4 : 1, true);
    },
  };
}
