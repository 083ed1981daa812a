/**
 * The graph in hand, drawn and edited. Nodes and wires are derived from the document; React Flow keeps nothing but where
 * nodes are during a drag. Every gesture ends in one command.
 */
import { Background, MiniMap, ReactFlow, ReactFlowProvider, SelectionMode } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { graphOf } from "@/document/document";
import { useCatalogue, useEditor, useResults } from "@/editor/hooks";
import { familyColour } from "@/ui/families";
import { useWorkspace } from "@/workspace/workspace";
import "./canvas.css";
import { Breadcrumb } from "./Breadcrumb";
import { ConnectionLine } from "./ConnectionLine";
import { ConnectList } from "./ConnectList";
import { useConnecting } from "./connecting";
import { EmptyCanvas } from "./EmptyCanvas";
import type { FlowNode } from "./flow";
import { useHandle } from "./handle";
import { LabelLayer } from "./labels";
import { NodeCard } from "./NodeCard";
import { usePlaces } from "./places";
import { SideLines } from "./SideLines";
import { useConnections } from "./useConnections";
import { useFlow } from "./useFlow";
import { useKeys } from "./useKeys";
import { useScene } from "./useScene";
import { boundsOf, MIN_ZOOM, useViewport } from "./useViewport";
import { WireLine } from "./WireLine";
import { ZoomControls } from "./ZoomControls";

const NODE_TYPES = { card: NodeCard };
const EDGE_TYPES = { wire: WireLine };
const MULTI = ["Shift", "Meta", "Control"];
const MAP = { width: 160, height: 112 };
/** What a node has around it on the map, in pixels. */
const MAP_LINE = 2;
/** From here on only what is visible is drawn. */
const MANY = 700;

export function Canvas() {
  return (
    <ReactFlowProvider>
      <Board />
    </ReactFlowProvider>
  );
}

function Board() {
  const document = useEditor((state) => state.document);
  const name = useEditor((state) => state.graph);
  const id = useEditor((state) => state.id);
  const ready = useCatalogue().ready;
  const stale = useResults((state) => state.stale);
  const offline = useResults((state) => state.phase === "offline");
  const minimap = useWorkspace((state) => state.minimap);
  const connecting = useConnecting((state) => state.start !== null);
  const root = useRef<HTMLDivElement>(null);
  const scene = useScene(document, name);
  const of = `${id}\n${name ?? ""}`;
  const places = usePlaces(graphOf(document, name), scene, of, ready || offline);
  const flow = useFlow(scene, places);
  const viewport = useViewport(scene, flow.places, of);
  const connections = useConnections(scene, flow.stage);
  useHandle(root, flow, viewport);
  const keys = useKeys(scene, flow, of);
  // What had the focus may be gone with the document that was in hand: the canvas takes it, not the top of the page.
  const empty = scene.nodes.length === 0;
  const shown = useRef(`${of}\n${empty}`);
  useEffect(() => {
    if (shown.current === `${of}\n${empty}`) return;
    shown.current = `${of}\n${empty}`;
    if (globalThis.document.activeElement === globalThis.document.body) root.current!.focus({ preventScroll: true });
  }, [of, empty]);
  const classes = ["canvas", stale ? "stale" : "", connecting ? "connecting" : ""].join(" ");
  // On the map a node is some pixels large, however long the network is.
  const line = useMemo(() => {
    const box = flow.places && boundsOf(scene, flow.places);
    return box ? MAP_LINE * Math.max(box.width / MAP.width, box.height / MAP.height) : 0;
  }, [scene, flow.places]);
  const mask = useMemo(() => (node: FlowNode) => familyColour(node.data.view.family), []);

  const [labels, setLabels] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => setLabels(root.current!.querySelector<HTMLElement>(".react-flow__edgelabel-renderer")), []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and double-clicks of what is inside
    <div
      ref={root}
      className={classes}
      data-testid="canvas"
      tabIndex={-1}
      onMouseDownCapture={flow.onMouseDown}
      onDoubleClick={flow.onDoubleClick}
      onKeyDown={keys.onKeyDown}
      onPointerDownCapture={keys.onPointerDown}
      onFocus={keys.onFocus}
      onBlur={keys.onBlur}
      onPointerMove={flow.onPointerMove}
      onDragOver={flow.onFileOver}
      onDrop={flow.onFile}
    >
      <LabelLayer value={labels}>
        <ReactFlow
          nodes={flow.nodes}
          edges={flow.edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          {...flow.handlers}
          onMove={viewport.onMove}
          {...connections}
          connectionLineComponent={ConnectionLine}
          connectionRadius={28}
          reconnectRadius={14}
          selectionMode={SelectionMode.Partial}
          multiSelectionKeyCode={MULTI}
          selectionKeyCode="Shift"
          deleteKeyCode={null}
          disableKeyboardA11y
          elevateNodesOnSelect
          zoomOnDoubleClick={false}
          nodeDragThreshold={3}
          minZoom={MIN_ZOOM}
          maxZoom={2.5}
          onlyRenderVisibleElements={scene.nodes.length >= MANY}
          aria-label="Network"
        >
          <Background gap={20} size={1.4} />
          {flow.places && <SideLines scene={scene} places={flow.places} />}
          {minimap && !empty && (
            <MiniMap<FlowNode>
              pannable
              zoomable
              nodeColor={mask}
              nodeStrokeColor={mask}
              nodeStrokeWidth={line}
              nodeBorderRadius={18}
              ariaLabel="Map of the network"
              style={MAP}
            />
          )}
        </ReactFlow>
      </LabelLayer>
      <Breadcrumb />
      <ZoomControls />
      <ConnectList scene={scene} />
      {flow.menu}
      {ready && empty && <EmptyCanvas />}
    </div>
  );
}
