/** Wires drawn, picked up and dropped. */
import type { Connection, FinalConnectionState, HandleType, OnConnectStartParams } from "@xyflow/react";
import { useRef } from "react";
import { graphOf, type PortAddress } from "@/document/document";
import { firstFit, fits, referenceTo } from "@/document/fits";
import { portsOf } from "@/editor/catalogue";
import { catalogue, editor } from "@/editor/session";
import { notify } from "@/workspace/workspace";
import type { Stage } from "./adding";
import { endConnecting, portKey, useConnecting } from "./connecting";
import type { FlowEdge } from "./flow";
import type { Scene } from "./scene";
import { openQuickAdd } from "./useFlow";
import { useStable } from "./useStable";
import { verdictsFrom } from "./verdicts";

const portsHere = (key: string) => {
  const { document, graph } = editor.state();
  return portsOf(catalogue.store.getState(), document, graph, key);
};

/** Wires an output to an input; says why when it does not fit. `old` is the wire that is moved there. */
export function connect(from: { node: string; port: string }, to: PortAddress, old?: PortAddress): void {
  const { document, graph: name } = editor.state();
  const verdict = fits(graphOf(document, name)!, from, to, portsHere);
  if (!verdict.fits) {
    notify(verdict.reason);
    return;
  }
  const wire = { from: referenceTo(portsHere(from.node), from), to };
  const command = { kind: "connect" as const, graph: name, wire, many: verdict.many };
  if (!old) editor.dispatch(command);
  else editor.dispatch({ kind: "sequence", commands: [{ kind: "disconnect", graph: name, to: old }, command] });
}

export function useConnections(scene: Scene, stage: () => Stage | null) {
  const moved = useRef(false);

  const begin = (node: string, port: string, side: "in" | "out") => {
    const start = { node, port, side };
    useConnecting.setState({ start, verdicts: verdictsFrom(start, scene) });
  };

  return useStable({
    onConnectStart: (_event: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
      if (nodeId) begin(nodeId, handleId ?? "output", handleType === "source" ? "out" : "in");
    },
    onConnect: ({ source, sourceHandle, target, targetHandle }: Connection) => {
      if (moved.current) return;
      connect({ node: source, port: sourceHandle ?? "output" }, { node: target, port: targetHandle ?? "input" });
    },
    onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      endConnecting();
      if (moved.current || state.isValid || !state.fromHandle || !stage()) return;
      const at = "changedTouches" in event ? event.changedTouches[0]! : event;
      const point = { x: at.clientX, y: at.clientY };
      const from = { node: state.fromHandle.nodeId, port: state.fromHandle.id ?? "output" };
      const out = state.fromHandle.type === "source";
      const under = document.elementFromPoint(point.x, point.y);
      const node = under?.closest(".react-flow__node")?.getAttribute("data-id");
      if (state.toHandle) {
        const verdict = verdictAt(from, state.toHandle.nodeId, state.toHandle.id ?? "", out);
        if (verdict) notify(verdict);
      } else if (node && node !== from.node && out) {
        const { document: doc, graph } = editor.state();
        const port = firstFit(graphOf(doc, graph)!, from, node, portsHere);
        if (port) connect(from, { node, port: port.port });
        else notify(`${node} has no free port for a wire.`);
      } else if (under?.closest(".react-flow__pane")) {
        openQuickAdd(
          point,
          out
            ? { kind: "from", reference: referenceTo(portsHere(from.node), from) }
            : { kind: "into", to: { node: from.node, port: from.port } },
        );
      }
    },
    isValidConnection: (edge: Connection | FlowEdge) => {
      const { start, verdicts } = useConnecting.getState();
      if (!start) return true;
      const far =
        start.side === "out"
          ? portKey(edge.target, edge.targetHandle ?? "")
          : portKey(edge.source, edge.sourceHandle ?? "");
      return verdicts.get(far)?.fits ?? false;
    },
    onReconnectStart: (_event: unknown, edge: FlowEdge, _handle: HandleType) => {
      moved.current = true;
      begin(edge.source, edge.sourceHandle ?? "output", "out");
    },
    onReconnect: (edge: FlowEdge, { target, targetHandle }: Connection) => {
      const from = edge.data!.wire.from;
      const old = edge.data!.wire.to;
      if (target === old.node && targetHandle === old.port) return;
      connect(from, { node: target, port: targetHandle ?? "input" }, old);
    },
    onReconnectEnd: (_event: unknown, edge: FlowEdge, _handle: HandleType, state: FinalConnectionState) => {
      moved.current = false;
      endConnecting();
      // Let go over nothing: the wire is gone.
      if (state.toHandle || state.toNode) return;
      editor.dispatch({ kind: "disconnect", graph: editor.state().graph, to: edge.data!.wire.to });
    },
  });
}

function verdictAt(from: { node: string; port: string }, node: string, port: string, out: boolean): string | null {
  const { document, graph } = editor.state();
  const end = { node, port };
  const verdict = out
    ? fits(graphOf(document, graph)!, from, end, portsHere)
    : fits(graphOf(document, graph)!, end, from, portsHere);
  return verdict.fits ? null : verdict.reason;
}
