/** Gives the rest of the page what it may ask of the canvas. */
import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect, useRef } from "react";
import { provide } from "@/actions/view";
import { graphOf } from "@/document/document";
import { pathOf } from "@/document/paths";
import { editor, results } from "@/editor/session";
import { notify, type ScreenPoint, useWorkspace } from "@/workspace/workspace";
import { addNode } from "./adding";
import { useHover } from "./hover";
import { layOut } from "./layout/layout";
import { useNaming } from "./NameField";
import { drawPicture } from "./picture";
import { sizesOf } from "./places";
import { afterSelection, type Flow, openQuickAdd } from "./useFlow";
import { duration, type useViewport } from "./useViewport";
import { tensorOn } from "./WireLine";
import { wireNear } from "./wireNear";

export function useHandle(
  root: RefObject<HTMLDivElement | null>,
  flow: Flow,
  viewport: ReturnType<typeof useViewport>,
) {
  const { zoomIn, zoomOut, zoomTo, screenToFlowPosition } = useReactFlow();
  // The functions that are given away stay the same; what they work on is the newest.
  const now = useRef({ flow, viewport });
  now.current = { flow, viewport };

  useEffect(() => {
    const box = () => root.current!.getBoundingClientRect();
    const contains = ({ x, y }: ScreenPoint) => {
      const { left, right, top, bottom } = box();
      return x >= left && x <= right && y >= top && y <= bottom;
    };
    const place = () => now.current.flow.pointer.current;
    const quickAdd = () => {
      const { left, top, width } = box();
      const at = place();
      openQuickAdd(
        at && contains(at) ? at : { x: left + width / 2 - 160, y: top + 80 },
        afterSelection(now.current.flow.scene),
      );
    };
    useWorkspace.setState({
      canvas: {
        contains,
        add: (type, aim, at) => {
          const stage = now.current.flow.stage();
          if (!stage) return;
          const point = at ? screenToFlowPosition(at) : null;
          const over = useHover.getState().dropOn;
          const wire = over === null ? undefined : stage.scene.wires.find((one) => one.id === over);
          useHover.setState({ dropOn: null });
          addNode(type, wire ? { kind: "on", to: wire.to } : aim, point, stage);
          const [added] = editor.state().selection;
          if (!at && added) editor.show([added]);
        },
        dragOver: (at) => {
          const { routes } = now.current.flow;
          const over = routes && contains(at) ? wireNear(screenToFlowPosition(at), routes, 24) : null;
          if (useHover.getState().dropOn !== over) useHover.setState({ dropOn: over });
        },
        dragEnd: () => useHover.setState({ dropOn: null }),
        focus: () => {
          const [key] = editor.state().selection;
          const node =
            key === undefined
              ? null
              : root.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(key)}"]`);
          (node ?? root.current)?.focus({ preventScroll: true });
        },
      },
    });
    const takeAway = provide({
      fit: () => now.current.viewport.fit(),
      zoomIn: () => void zoomIn({ duration: duration() }),
      zoomOut: () => void zoomOut({ duration: duration() }),
      zoomReset: () => void zoomTo(1, { duration: duration() }),
      zoomTo: (nodes) => now.current.viewport.fit(nodes),
      quickAdd,
      pointer: () => {
        const at = place();
        if (!at || !contains(at)) return null;
        const { x, y } = screenToFlowPosition(at);
        return [Math.round(x), Math.round(y)];
      },
      frames: (nodes) => {
        const { scene, places } = now.current.flow;
        return nodes.flatMap((key) => {
          const view = scene.byKey.get(key);
          const at = places?.get(key);
          return view && at ? [{ key, x: at.x, y: at.y, width: view.width, height: view.height }] : [];
        });
      },
      picture: () => {
        const { document, graph, use } = editor.state();
        const { scene, places } = now.current.flow;
        const style = getComputedStyle(root.current!);
        const answer = (key: string) => {
          const path = pathOf(document, graph, use, key);
          return path === null ? undefined : results.store.getState().nodes.get(path);
        };
        return drawPicture({
          document,
          scene,
          places: places ?? new Map(),
          answer,
          shape: (wire) => tensorOn(wire, answer(wire.from.node))?.shape?.join(", ") ?? null,
          colour: (name) => style.getPropertyValue(name.slice(4, -1)).trim(),
        });
      },
      rename: (node) => useNaming.setState({ node }),
      say: notify,
      layout: () => {
        const { document, graph: name } = editor.state();
        const graph = graphOf(document, name);
        if (!graph) return;
        void layOut({ graph, sizes: sizesOf(now.current.flow.scene) }).then((positions) => {
          if (!positions || graphOf(editor.state().document, name) !== graph) return;
          root.current?.classList.add("settling");
          editor.dispatch({ kind: "move", graph: name, positions });
          setTimeout(() => {
            root.current?.classList.remove("settling");
            now.current.viewport.fit();
          }, 200);
        });
      },
    });
    return () => {
      takeAway();
      useWorkspace.setState({ canvas: null });
    };
  }, [root, zoomIn, zoomOut, zoomTo, screenToFlowPosition]);
}
