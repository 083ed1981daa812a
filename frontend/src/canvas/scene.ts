/**
 * The graph in hand as the canvas draws it: nodes with their ports and text, wires between ports. Made from the document
 * and the catalogue alone; what torch answers is looked up by each node and wire on its own.
 */
import type { LayerType } from "@/api/answer";
import {
  calledNode,
  type GraphDoc,
  type GraphName,
  graphOf,
  type NetworkDoc,
  type NodeDoc,
  type PortAddress,
  type Reference,
  typeName,
} from "@/document/document";
import type { Ports } from "@/document/ports";
import { parseReference, type Use, usesOf } from "@/document/references";
import { layerOf, portsOf, typeOf } from "@/editor/catalogue";
import type { CatalogueState } from "@/editor/interface";
import { keepsCount, type NodeText, nodeText } from "./rows";
import { handlePlace, nodeSize } from "./size";

export interface PortView {
  name: string;
  label: string;
  side: "in" | "out";
  many: boolean;
  /** Left in the background until it is wired or wanted. */
  extra: boolean;
  /** A share of the node's width. */
  place: number;
}

export interface NodeView {
  key: string;
  node: NodeDoc;
  /** What stands beside the name. */
  type: string;
  family: string | undefined;
  kind: "layer" | "block" | "call" | "unknown";
  text: NodeText;
  count: boolean;
  inputs: PortView[];
  outputs: PortView[];
  labelled: { in: boolean; out: boolean };
  width: number;
  height: number;
}

export interface WireView {
  id: string;
  kind: "wire" | "call" | "size" | "tie";
  reference: Reference;
  from: { node: string; port: string };
  to: PortAddress;
  /** Its source does not exist: a stub is drawn. */
  broken: boolean;
}

export interface Scene {
  nodes: NodeView[];
  wires: WireView[];
  byKey: ReadonlyMap<string, NodeView>;
}

interface Draft {
  key: string;
  node: NodeDoc;
  layer: LayerType | null;
  block: GraphDoc | undefined;
  /** Null while the type is unknown. */
  ports: Ports | null;
  uses: Use[];
}

/** Where lines that carry no tensor end: a handle at the node's side. */
export const SIDE_PORT = "·";

/** The numbered outputs that a node gave in the newest answer, for types whose outputs only a run knows (chunk, split). */
export type Answered = (key: string) => readonly string[];

export function makeScene(
  document: NetworkDoc,
  name: GraphName,
  types: CatalogueState,
  answered: Answered,
  before: Scene | null,
): Scene {
  const graph = graphOf(document, name);
  const drafts = new Map<string, Draft>();
  for (const [key, node] of Object.entries(graph?.nodes ?? {})) {
    const type = typeOf(graph, key);
    const block = type === null ? undefined : graphOf(document, type);
    const layer = block ? null : layerOf(types, graph, key);
    drafts.set(key, { key, node, layer, block, ports: portsOf(types, document, name, key), uses: usesOf(node) });
  }
  const wires: WireView[] = [];
  const read = new Map<string, Set<string>>();
  for (const draft of drafts.values()) {
    for (const wire of wiresOf(draft, drafts)) {
      wires.push(wire);
      if (wire.kind !== "wire" && wire.kind !== "tie") continue;
      read.set(wire.from.node, (read.get(wire.from.node) ?? new Set()).add(wire.from.port));
    }
  }
  const nodes = Array.from(drafts.values(), (draft) => {
    const given = draft.ports?.numbered ? answered(draft.key) : [];
    const view = viewOf(draft, read.get(draft.key) ?? new Set(), given);
    const old = before?.byKey.get(draft.key);
    // The same object while it says the same: memoised nodes stay as they are.
    return old && old.node === view.node && signature(old) === signature(view) ? old : view;
  });
  return {
    nodes: inFlow(nodes, wires),
    wires: kept(wires, before),
    byKey: new Map(nodes.map((view) => [view.key, view])),
  };
}

/**
 * What is read before what reads it, else in the document's order: the order in which Tab and a screen reader come to the
 * nodes. A circle is entered where the document does.
 */
function inFlow(nodes: NodeView[], wires: readonly WireView[]): NodeView[] {
  const at = new Map(nodes.map((view, n) => [view.key, n]));
  const sources = nodes.map((): number[] => []);
  for (const { from, to } of wires) {
    const source = at.get(from.node);
    if (source !== undefined) sources[at.get(to.node)!]!.push(source);
  }
  const sorted: NodeView[] = [];
  const begun = new Set<number>();
  for (const first of nodes.keys()) {
    if (begun.has(first)) continue;
    // Without recursion: a chain has up to 5,000 layers.
    const todo = [first];
    for (let n = todo.at(-1); n !== undefined; n = todo.at(-1)) {
      begun.add(n);
      const next = sources[n]!.find((source) => !begun.has(source));
      if (next !== undefined) {
        todo.push(next);
        continue;
      }
      todo.pop();
      sorted.push(nodes[n]!);
    }
  }
  return sorted;
}

/** What of a view does not follow from its own node: its type's declaration, and who reads it. */
function signature(view: NodeView): string {
  const ports = [...view.inputs, ...view.outputs].map((port) => `${port.side}${port.name}${port.extra}`);
  const rows = view.text.rows.map((row) => row.name);
  return [view.kind, view.family, view.count, view.text.inline, ...rows, ...ports].join(" ");
}

function kept(wires: WireView[], before: Scene | null): WireView[] {
  if (!before) return wires;
  const old = new Map(before.wires.map((wire) => [wire.id, wire]));
  return wires.map((wire) => {
    const same = old.get(wire.id);
    return same && same.reference === wire.reference && same.broken === wire.broken && same.from.port === wire.from.port
      ? same
      : wire;
  });
}

function wiresOf({ key, ports, uses }: Draft, drafts: ReadonlyMap<string, Draft>): WireView[] {
  const names = new Set(ports?.inputs.map((port) => port.name));
  const sizes = new Set<string>();
  return uses.flatMap((use): WireView[] => {
    const parsed = parseReference(use.reference);
    const source = parsed ? drafts.get(parsed.node) : undefined;
    const outputs = source?.ports?.outputs ?? [];
    const first = source?.ports?.numbered ? "0" : (outputs[0] ?? "output");
    // A block's lone Output is also called `output`.
    const lone = source?.block !== undefined && outputs.length === 1 && parsed?.port === "output";
    const port = lone ? first : (parsed?.port ?? first);
    const from = { node: parsed?.node ?? use.reference, port };
    const broken = !source;
    if (use.kind === "call") {
      const to = { node: key, port: SIDE_PORT };
      return broken ? [] : [{ id: `call:${key}`, kind: "call", reference: use.reference, from, to, broken }];
    }
    if (use.kind === "size") {
      if (broken || sizes.has(from.node)) return [];
      sizes.add(from.node);
      const to = { node: key, port: SIDE_PORT };
      return [{ id: `size:${key}:${from.node}`, kind: "size", reference: use.reference, from, to, broken }];
    }
    const known = ports === null || names.has(use.port);
    const weights = source !== undefined && !outputs.includes(port) && isWeight(port);
    const kind = !known && isWeight(use.port) ? "tie" : weights ? "tie" : "wire";
    const to: PortAddress = { node: key, port: use.port };
    if (use.index !== null) to.index = use.index;
    return [{ id: `${key}:${use.port}:${use.index ?? ""}`, kind, reference: use.reference, from, to, broken }];
  });
}

/** A parameter by its `state_dict` name, as a port. */
const isWeight = (port: string) => /(^|\.)(weight|bias)|_(weight|bias)$|^(weight|bias)_/.test(port);

function viewOf(draft: Draft, read: ReadonlySet<string>, given: readonly string[]): NodeView {
  const { key, node, layer, block, uses } = draft;
  const called = node.call !== undefined;
  const wired = new Set(uses.flatMap((use) => (use.kind === "wire" ? [use.port] : [])));
  const text = nodeText(node, layer, block);
  const count = keepsCount(node, layer, block);
  const inputs = inputViews(draft.ports, wired);
  const outputs = outputViews(draft.ports, read, given, node);
  const shownIn = inputs.filter((port) => !port.extra);
  const shownOut = outputs.filter((port) => !port.extra);
  const type = called ? `calls ${calledNode(node) ?? "nothing"}` : (typeName(node) ?? "no type");
  const size = nodeSize({
    name: key,
    type: type + (text.inline ?? "") + (node.repeat === undefined ? "" : "x00"),
    rows: text.rows.length + (text.more > 0 ? 1 : 0),
    foot: count,
    inPorts: shownIn.map((port) => port.label),
    outPorts: shownOut.map((port) => port.label),
  });
  const kind = called ? "call" : block ? "block" : layer ? "layer" : "unknown";
  const labelled = { in: shownIn.length > 1, out: shownOut.length > 1 };
  const family = block ? "Blocks" : layer?.family;
  return { key, node, type, family, kind, text, count, inputs, outputs, labelled, ...size };
}

function inputViews(ports: Ports | null, wired: ReadonlySet<string>): PortView[] {
  const declared = ports?.inputs ?? [];
  const known = declared.map((port) => ({
    name: port.name,
    label: port.label ?? port.name,
    many: port.many,
    extra: port.optional && !wired.has(port.name),
  }));
  // What is wired although no type declares it: tied parameters, and the ports of an unknown type.
  const others = [...wired]
    .filter((name) => !declared.some((port) => port.name === name))
    .map((name) => ({ name, label: name, many: false, extra: false }));
  return placed([...known, ...others], "in");
}

function outputViews(
  ports: Ports | null,
  read: ReadonlySet<string>,
  given: readonly string[],
  node: NodeDoc,
): PortView[] {
  const names = new Set(ports?.numbered ? given : (ports?.outputs ?? []));
  for (const name of read) names.add(name);
  if (names.size === 0 && node.type !== "Output") names.add("output");
  const byNumber = (a: string, b: string) => (/^\d+$/.test(a + b) ? Number(a) - Number(b) : 0);
  return placed(
    [...names].sort(byNumber).map((name) => ({ name, label: name, many: false, extra: false })),
    "out",
  );
}

type Unplaced = Omit<PortView, "side" | "place">;

/** Ports in use share the width evenly; those in the background stand close together at the right. */
function placed(ports: Unplaced[], side: "in" | "out"): PortView[] {
  const shown = ports.filter((port) => !port.extra).length;
  const extras = ports.length - shown;
  let n = 0;
  let extra = 0;
  return ports.map((port) => {
    const place = port.extra ? 1 - (extras - extra++) * 0.085 : handlePlace(n++, shown);
    return { ...port, side, place };
  });
}
