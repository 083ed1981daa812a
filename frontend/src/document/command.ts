/** Every change of a document is one of these. `apply(document, command)` is the only way a document changes. */
import type { GraphDoc, GraphName, Json, NetworkDoc, NodeDoc, PortAddress, Reference } from "./document";

export interface PatchOperation {
  op: "test" | "add" | "remove" | "replace" | "move" | "copy";
  path: string;
  from?: string;
  value?: Json;
}

export type Command =
  /** New nodes, in this order, at the end or behind the node `after`; wires into existing nodes in `wires`. */
  | { kind: "add"; graph: GraphName; nodes: Record<string, NodeDoc>; after?: string; wires?: Wire[] }
  /** Takes nodes away with every wire, size and call that names them; `heal` wires their readers to their first source. */
  | { kind: "remove"; graph: GraphName; nodes: string[]; heal?: boolean }
  /** A new name at the same place; wires, calls and sizes follow. */
  | { kind: "rename"; graph: GraphName; node: string; name: string }
  | { kind: "move"; graph: GraphName; positions: Record<string, [number, number]> }
  /** `value` undefined takes the parameter away (torch's default, or inferred). */
  | { kind: "param"; graph: GraphName; node: string; name: string; value: Json | undefined }
  /** Another field of a node: type, repeat, when, attribute, init, trainable, note, collapsed, color. Undefined removes it. */
  | { kind: "field"; graph: GraphName; node: string; field: keyof NodeDoc; value: Json | undefined }
  /** A wire into a port; the wire that was there goes, unless the port takes a list (then it is appended, or put at `to.index`). */
  | { kind: "connect"; graph: GraphName; wire: Wire; many?: boolean }
  | { kind: "disconnect"; graph: GraphName; to: PortAddress }
  /** A new node on a wire: it reads what the wire carried on `port`, and the wire's end reads it. */
  | { kind: "insert"; graph: GraphName; key: string; node: NodeDoc; port: string; many?: boolean; on: PortAddress }
  /** name, seed, training of the document. */
  | { kind: "head"; field: "name" | "seed" | "training"; value: Json }
  /** The first size of every Input of the document's own graph. */
  | { kind: "batch"; size: number }
  /** A fix: an RFC 6902 patch. Throws when one of its tests fails. */
  | { kind: "patch"; patch: PatchOperation[] }
  /** A block of this name, new or changed; undefined takes it away. */
  | { kind: "block"; name: string; block: GraphDoc | undefined }
  /** A block's new name; every use follows. */
  | { kind: "rename-block"; block: string; name: string }
  /** A field of a graph itself: its parameters (a block's defaults), init, canvas. Undefined removes it. */
  | { kind: "graph"; graph: GraphName; field: "params" | "init" | "canvas"; value: Json | undefined }
  /** Several at once, one entry of the history. All or nothing. */
  | { kind: "sequence"; commands: Command[] }
  /** Everything at once: layout, or an older state. */
  | { kind: "replace"; document: NetworkDoc };

export interface Wire {
  from: Reference;
  to: PortAddress;
}
