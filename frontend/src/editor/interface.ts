/**
 * What the rooms above may use of the editor. Implemented in this folder; components read it with the hooks of
 * `hooks.ts` and change things by calling `editor.*` only.
 *
 * Three stores, so that a result never rebuilds the document and a drag never touches the results:
 *   editor   document, graph in hand, selection, history
 *   results  the newest answer, by node (a side store: nodes subscribe to their own entry)
 *   saving   where the document is kept, and whether it is
 */
import type { Answer, LayerType, NodeAnswer, Problem, Totals } from "@/api/answer";
import type { Command, PatchOperation } from "@/document/command";
import type { GraphName, NetworkDoc } from "@/document/document";

/** What the server has of a document. */
export interface ServerCopy {
  /** The revision that the document in hand was made from; null while the server has none. */
  revision: number | null;
  /** There are changes that the server has not acknowledged. */
  dirty: boolean;
  /** The text of a save whose answer has not come: after a reload it tells one's own save from another's. */
  sent?: string;
}

export interface EditorState {
  /** This document's name in the browser's store and on the server. */
  id: string;
  server: ServerCopy;
  document: NetworkDoc;
  /** The graph on the canvas: null, or a block by name. */
  graph: GraphName;
  /** Whose results are shown while a block is in hand: the path of one use of it ("stage1.0"); null without any use. */
  use: string | null;
  selection: ReadonlySet<string>;
  /** A field to put the cursor in (a click on a problem): the settings form reads and clears it. */
  focus: { node: string; field: string } | null;
  /** Grows when the canvas should bring these nodes into view. */
  reveal: { nodes: string[]; count: number };
  canUndo: boolean;
  canRedo: boolean;
  past: number;
}

export interface Editor {
  /** Applies a command and takes history. Commands with the same `burst` within 0.8 s are one entry. */
  dispatch(command: Command, burst?: string): void;
  /**
   * Writes down where nodes without places were put. No entry of the history: nobody did it, and nothing is seen to
   * change by it.
   */
  settle(positions: Record<string, [number, number]>): void;
  /** Applies a fix. False when the document has changed since, so that its test fails; nothing is changed then. */
  fix(patch: PatchOperation[]): boolean;
  undo(): void;
  redo(): void;
  select(nodes: Iterable<string>): void;
  /** Puts a graph in hand; `through` is the node of the graph in hand that uses the block (else: its first use). */
  open(graph: GraphName, through?: string): void;
  /** Selects and reveals nodes of the graph in hand; with a field, puts the cursor there. */
  show(nodes: readonly string[], field?: string): void;
  /** The same for a path from the top, as problems name nodes ("stage1.0.conv1"): opens the block it is in. */
  goTo(path: string, field?: string): void;
  clearFocus(): void;
  /** Opens a document in place of the one in hand, which stays in the browser's list of recent ones. */
  load(document: NetworkDoc, options?: { id?: string; server?: ServerCopy }): void;
  /** Writes down what the server has. No entry of the history. */
  setServer(server: ServerCopy): void;
  /** Gives the document in hand another name: from now on it is a copy, which the server does not have. */
  fork(): void;
}

export type Phase = "idle" | "computing" | "offline";

export interface ResultsState {
  /** The newest answer. Kept, and marked stale, while a newer one is under way. */
  answer: Answer | null;
  /** Entries keep their identity while they say the same: a node renders only when its own entry changed. */
  nodes: ReadonlyMap<string, NodeAnswer>;
  /** Every problem, in the server's order. */
  list: readonly Problem[];
  /** Problems by node path; null for those of no node. */
  problems: ReadonlyMap<string | null, readonly Problem[]>;
  /** Problems by graph and node, those inside a block on the nodes that use it too: what a badge counts. */
  badges: ReadonlyMap<GraphName, ReadonlyMap<string, readonly Problem[]>>;
  totals: Totals | null;
  phase: Phase;
  /** The answer belongs to an older state of the document. */
  stale: boolean;
  /** Server-Timing of the newest answer, in ms. */
  ms: number | null;
  /** What the server refused, in words; null when it did not. */
  refusal: string | null;
  /** Another draw of what is random in the run (dropout), without other weights. */
  draw: number;
  /** Grows with every answer: what was fetched for an older one is stale. */
  revision: number;
}

export type SavingStatus = "saved" | "saving" | "unsaved";

export interface SavingState {
  status: SavingStatus;
  at: number | null;
  message: string | null;
}

/**
 * local: nothing to save, it is in the browser only; pending: changes wait, or are under way; offline: they wait until
 * the server answers; conflict: another has saved since; refused: the server does not take it, the message says why.
 */
export type RemoteStatus = "local" | "pending" | "saved" | "offline" | "conflict" | "refused";

export interface RemoteState {
  status: RemoteStatus;
  message: string | null;
}

export interface CatalogueState {
  layers: ReadonlyMap<string, LayerType>;
  families: readonly string[];
  ready: boolean;
}

/** A document that this browser keeps. */
export interface RecentDocument {
  key: string;
  id: string;
  title: string;
  at: number;
  nodes: number;
}
