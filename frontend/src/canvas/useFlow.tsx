/** React Flow's nodes and edges, and what its gestures become. */
import {
  type Edge,
  type EdgeChange,
  type Node,
  type NodeChange,
  type OnNodeDrag,
  Position,
  useReactFlow,
  useStoreApi,
} from "@xyflow/react";
import { type DragEvent, type MouseEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { attempt, context } from "@/actions/actions";
import { takeFile } from "@/actions/file";
import type { Command } from "@/document/command";
import { graphOf } from "@/document/document";
import { useEditor } from "@/editor/hooks";
import { editor } from "@/editor/session";
import { type Aim, inspectPressed, leavePressed, useWorkspace } from "@/workspace/workspace";
import { insertExisting, type Stage, standsAlone } from "./adding";
import type { FlowEdge, FlowNode } from "./flow";
import { NO_WIRES, useHover } from "./hover";
import { type MenuAt, NodeMenu } from "./NodeMenu";
import type { PlaceMap } from "./room";
import type { Point, Route } from "./route";
import { drawn, type Routed, routeAll } from "./routes";
import type { NodeView, PortView, Scene } from "./scene";
import { useStable } from "./useStable";
import { wireNear } from "./wireNear";

export type Flow = ReturnType<typeof useFlow>;

export function useFlow(scene: Scene, found: PlaceMap | null) {
  const selection = useEditor((state) => state.selection);
  const [drag, setDrag] = useState<PlaceMap | null>(null);
  const selectedWires = useHover((state) => state.selected);
  const setSelectedWires = (selected: ReadonlySet<string>) => useHover.setState({ selected });
  const [menuAt, setMenuAt] = useState<MenuAt | null>(null);
  const pointer = useRef<Point | null>(null);
  const { screenToFlowPosition } = useReactFlow();
  const store = useStoreApi();

  const places = useMemo(() => (found && drag ? new Map([...found, ...drag]) : found), [found, drag]);
  const nodes = useNodes(scene, places, selection);
  const routed = useRef<Routed | null>(null);
  const routes = useMemo(() => {
    if (!places) return null;
    routed.current = routeAll(scene, places, routed.current, drag ? new Set(drag.keys()) : null);
    return routed.current.routes;
  }, [scene, places, drag]);
  const edges = useEdges(scene, routes, selectedWires);

  const stage = (): Stage | null => {
    if (!found) return null;
    const { width, height, domNode } = store.getState();
    const box = domNode?.getBoundingClientRect();
    const middle = screenToFlowPosition({ x: (box?.left ?? 0) + width / 2, y: (box?.top ?? 0) + height / 2 });
    return { scene, places: found, middle };
  };

  const onNodesChange = (changes: NodeChange<FlowNode>[]) => {
    let moved: Map<string, Point> | null = null;
    let chosen: Set<string> | null = null;
    for (const change of changes) {
      if (change.type === "position" && change.position && change.dragging) {
        moved ??= new Map(drag ?? []);
        moved.set(change.id, { x: Math.round(change.position.x), y: Math.round(change.position.y) });
      }
      if (change.type === "select") {
        chosen ??= new Set(editor.state().selection);
        if (change.selected) chosen.add(change.id);
        else chosen.delete(change.id);
      }
    }
    if (moved) setDrag(moved);
    if (chosen) editor.select(chosen);
  };

  const onEdgesChange = (changes: EdgeChange<FlowEdge>[]) => {
    // A box selects nodes; the wires between them go with their nodes anyway.
    if (store.getState().userSelectionActive) return;
    const chosen = new Set(selectedWires);
    for (const change of changes) {
      if (change.type !== "select") continue;
      if (change.selected) chosen.add(change.id);
      else chosen.delete(change.id);
    }
    setSelectedWires(chosen.size > 0 ? chosen : NO_WIRES);
  };

  const onDrag: OnNodeDrag<FlowNode> = (_event, node, moving) => {
    const alone = moving.length === 1 && standsAlone(node.id, scene);
    const view = scene.byKey.get(node.id);
    const middle = view && { x: node.position.x + view.width / 2, y: node.position.y + view.height / 2 };
    const over = alone && middle && routes ? wireNear(middle, routes, 26) : null;
    if (useHover.getState().dropOn !== over) useHover.setState({ dropOn: over });
  };

  const finishDrag = () => {
    const { graph } = editor.state();
    const over = useHover.getState().dropOn;
    useHover.setState({ dropOn: null });
    setDrag(null);
    if (!drag || drag.size === 0) return;
    const positions = Object.fromEntries(
      Array.from(drag, ([key, { x, y }]): [string, [number, number]] => [key, [x, y]]),
    );
    const move: Command = { kind: "move", graph, positions };
    const now = stage();
    const [only] = drag.keys();
    const inserted = over && now && drag.size === 1 ? insertExisting(only!, over, now) : null;
    editor.dispatch(inserted ? { kind: "sequence", commands: [move, ...inserted] } : move);
  };

  // The first click of a double click takes the selection away: what counts is what was selected before it.
  const pressed = useRef<ReadonlySet<string>>(new Set());
  const onMouseDown = (event: MouseEvent) => {
    if (event.detail === 1) pressed.current = editor.state().selection;
    // With Shift the browser would mark text, from where the last click was to here.
    if (event.shiftKey && !(event.target as Element).closest("input, textarea")) event.preventDefault();
  };

  const onDoubleClick = (event: MouseEvent) => {
    const target = event.target as Element;
    if (!target.classList.contains("react-flow__pane")) return;
    useWorkspace.setState({
      quickAdd: { at: { x: event.clientX, y: event.clientY }, aim: after(pressed.current), pointed: true },
    });
  };

  const onNodeDoubleClick = (_event: MouseEvent, node: Node) => {
    const view = scene.byKey.get(node.id);
    if (view?.kind === "block" && view.node.type) editor.open(view.node.type, view.key);
  };

  const deleteWires = (): boolean => {
    const gone = scene.wires.filter((wire) => selectedWires.has(wire.id));
    if (gone.length === 0) return false;
    const { graph } = editor.state();
    // From the last of a list to the first: an index must still mean the same wire.
    const commands: Command[] = gone
      .sort((a, b) => (b.to.index ?? 0) - (a.to.index ?? 0))
      .map((wire) => ({ kind: "disconnect", graph, to: wire.to }));
    editor.dispatch(commands.length === 1 ? commands[0]! : { kind: "sequence", commands });
    setSelectedWires(NO_WIRES);
    return true;
  };

  const openMenu = (event: MouseEvent | globalThis.MouseEvent, on: MenuAt["on"]) => {
    event.preventDefault();
    setMenuAt({ at: new DOMRect(event.clientX, event.clientY, 0, 0), on });
  };
  const menu: ReactNode = menuAt && (
    <NodeMenu
      {...menuAt}
      scene={scene}
      onClose={() => setMenuAt(null)}
      onInsert={(aim: Aim, at) => openQuickAdd(at, aim)}
      onDeleteWire={(wire) => editor.dispatch({ kind: "disconnect", graph: editor.state().graph, to: wire.to })}
    />
  );

  const handlers = useStable({
    onNodesChange,
    onEdgesChange,
    onNodeDrag: onDrag,
    onNodeDragStart: () => useHover.setState({ dropOn: null }),
    onNodeDragStop: finishDrag,
    onSelectionDragStop: finishDrag,
    onNodeDoubleClick,
    onNodeClick: (event: MouseEvent) => {
      if (!event.shiftKey && !event.ctrlKey && !event.metaKey) inspectPressed();
    },
    onPaneClick: leavePressed,
    onEdgeMouseEnter: (_event: MouseEvent, edge: Edge) => useHover.setState({ wire: edge.id }),
    onEdgeMouseLeave: () => useHover.setState({ wire: null }),
    onPaneContextMenu: (event: MouseEvent | globalThis.MouseEvent) => openMenu(event, null),
    onNodeContextMenu: (event: MouseEvent, node: Node) => {
      if (!editor.state().selection.has(node.id)) editor.select([node.id]);
      openMenu(event, { node: node.id });
    },
    onEdgeContextMenu: (event: MouseEvent, edge: Edge) => openMenu(event, { wire: edge.id }),
  });

  return {
    scene,
    nodes,
    edges,
    places,
    routes,
    stage,
    pointer,
    menu,
    selectedWires,
    deleteWires,
    /** For React Flow. */
    handlers,
    onMouseDown,
    onDoubleClick,
    onPointerMove: (event: { clientX: number; clientY: number }) => {
      pointer.current = { x: event.clientX, y: event.clientY };
    },
    onFileOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    },
    onFile: (event: DragEvent) => {
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      void attempt(() => takeFile(context, file));
    },
  };
}

export function openQuickAdd(at: Point, aim: Aim): void {
  useWorkspace.setState({ quickAdd: { at, aim } });
}

/** Into the one selected wire, else behind the one selected node; anywhere, when none or several are. */
export function afterSelection(scene: Scene): Aim {
  const { selected } = useHover.getState();
  const wire = selected.size === 1 ? scene.wires.find(({ id }) => selected.has(id)) : undefined;
  return wire && wire.kind !== "call" && wire.kind !== "size"
    ? { kind: "on", to: wire.to }
    : after(editor.state().selection);
}

function after(selection: ReadonlySet<string>): Aim {
  const { document, graph } = editor.state();
  const [node] = selection;
  const known = node !== undefined && Object.hasOwn(graphOf(document, graph)?.nodes ?? {}, node);
  return selection.size === 1 && known ? { kind: "after", node } : { kind: "free" };
}

/** React Flow's nodes; those that did not change stay the same objects. */
function useNodes(scene: Scene, places: PlaceMap | null, selection: ReadonlySet<string>): FlowNode[] {
  const before = useRef(new Map<string, FlowNode>());
  return useMemo(() => {
    const next = new Map<string, FlowNode>();
    for (const view of scene.nodes) {
      const at = places?.get(view.key);
      if (!at) continue;
      const selected = selection.has(view.key);
      const old = before.current.get(view.key);
      const same =
        old &&
        old.data.view === view &&
        old.position.x === at.x &&
        old.position.y === at.y &&
        old.selected === selected;
      next.set(view.key, same ? old : flowNode(view, at, selected));
    }
    before.current = next;
    return [...next.values()];
  }, [scene, places, selection]);
}

function flowNode(view: NodeView, position: Point, selected: boolean): FlowNode {
  const { key, width, height } = view;
  return {
    id: key,
    type: "card",
    position,
    data: { view },
    selected,
    width,
    height,
    measured: { width, height },
    // Known without drawing, so that wires to nodes out of sight are drawn.
    handles: [...view.inputs, ...view.outputs].map((port) => flowHandle(port, view)),
    ariaLabel: `${key}, ${view.type}`,
  };
}

function flowHandle(port: PortView, view: NodeView) {
  const size = port.many ? 26 : port.extra ? 8 : 10;
  const tall = port.extra ? 8 : 10;
  return {
    id: port.name,
    type: port.side === "in" ? ("target" as const) : ("source" as const),
    position: port.side === "in" ? Position.Top : Position.Bottom,
    x: port.place * view.width - size / 2,
    y: (port.side === "in" ? 0 : view.height) - tall / 2,
    width: size,
    height: tall,
  };
}

/** Tab goes from node to node; W on a node goes to its wires. */
const NO_STOP = { tabIndex: -1 };

function useEdges(scene: Scene, routes: ReadonlyMap<string, Route> | null, selected: ReadonlySet<string>) {
  const before = useRef(new Map<string, FlowEdge>());
  return useMemo(() => {
    const next = new Map<string, FlowEdge>();
    for (const wire of routes ? drawn(scene) : []) {
      const route = routes!.get(wire.id);
      if (!route) continue;
      const old = before.current.get(wire.id);
      const chosen = selected.has(wire.id);
      const same = old && old.data!.wire === wire && old.data!.route === route && old.selected === chosen;
      next.set(
        wire.id,
        same
          ? old
          : {
              id: wire.id,
              type: "wire",
              source: wire.from.node,
              sourceHandle: wire.from.port,
              target: wire.to.node,
              targetHandle: wire.to.port,
              data: { wire, route },
              selected: chosen,
              // Only the reader's end can be taken up: from the source's end a new wire is drawn.
              reconnectable: "target",
              domAttributes: NO_STOP,
              ariaLabel: `wire from ${wire.reference} to ${wire.to.port} of ${wire.to.node}`,
            },
      );
    }
    before.current = next;
    return [...next.values()];
  }, [scene, routes, selected]);
}
