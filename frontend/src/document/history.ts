/** Undo and redo: documents, not their differences; what is equal between them is shared. */
import type { GraphName, NetworkDoc } from "./document";

/** Changes in one burst that come closer than this are one entry: typing in a field, a slider. */
export const BURST = 800;

interface Entry {
  document: NetworkDoc;
  /** The graph in which the change was made: undo shows it. */
  graph: GraphName;
}

export interface History {
  past: readonly Entry[];
  present: NetworkDoc;
  future: readonly Entry[];
  burst: string | null;
  at: number;
}

export function newHistory(document: NetworkDoc): History {
  return { past: [], present: document, future: [], burst: null, at: 0 };
}

/** The history with a new present. The same history when the document is the same. */
export function record(
  history: History,
  document: NetworkDoc,
  change: { graph: GraphName; burst?: string | undefined; now: number },
): History {
  if (document === history.present) return history;
  const burst = change.burst ?? null;
  const joins = burst !== null && burst === history.burst && change.now - history.at < BURST;
  const past = joins ? history.past : [...history.past, { document: history.present, graph: change.graph }];
  return { past, present: document, future: [], burst, at: change.now };
}

/** The graph is where the change was that is taken back. */
export function undone(history: History): { history: History; graph: GraphName } | null {
  const entry = history.past.at(-1);
  if (!entry) return null;
  const future = [{ document: history.present, graph: entry.graph }, ...history.future];
  const past = history.past.slice(0, -1);
  return { history: { past, present: entry.document, future, burst: null, at: 0 }, graph: entry.graph };
}

export function redone(history: History): { history: History; graph: GraphName } | null {
  const [entry, ...future] = history.future;
  if (!entry) return null;
  const past = [...history.past, { document: history.present, graph: entry.graph }];
  return { history: { past, present: entry.document, future, burst: null, at: 0 }, graph: entry.graph };
}
