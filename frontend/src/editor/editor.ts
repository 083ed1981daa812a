/** The editor: the document in hand, what is selected, and the history. */
import { createStore, type StoreApi } from "zustand/vanilla";
import { randomId } from "@/api/session";
import { apply } from "@/document/apply";
import type { Command, PatchOperation } from "@/document/command";
import { type GraphName, graphOf, type NetworkDoc } from "@/document/document";
import { emptyDocument } from "@/document/empty";
import { type History, newHistory, record, redone, undone } from "@/document/history";
import { firstUse, pathThrough, placesOn } from "@/document/paths";
import { Refusal } from "@/document/refusal";
import type { Editor, EditorState, ServerCopy } from "./interface";

export interface EditorStore extends Editor {
  store: StoreApi<EditorState>;
  state(): EditorState;
}

/** `now` in ms; tests pass their own clock. */
export function createEditor(document: NetworkDoc = emptyDocument(), now: () => number = Date.now): EditorStore {
  let history: History = newHistory(document);
  const store = createStore<EditorState>(() => fresh(document, randomId()));
  const state = store.getState;

  /** Shows a history: the graph in hand, the selection and the use stay where they still exist. */
  const show = (next: History, graph: GraphName) => {
    history = next;
    const old = state();
    const nodes = graphOf(next.present, graph)?.nodes;
    const hand = nodes ? graph : null;
    const found = nodes ?? next.present.nodes;
    const kept = hand === old.graph ? [...old.selection].filter((key) => Object.hasOwn(found, key)) : [];
    store.setState({
      document: next.present,
      graph: hand,
      use: usable(next.present, hand, hand === old.graph ? old.use : null),
      selection: kept.length === old.selection.size && hand === old.graph ? old.selection : new Set(kept),
      canUndo: next.past.length > 0,
      canRedo: next.future.length > 0,
      past: next.past.length,
    });
  };

  const editor: EditorStore = {
    store,
    state,

    dispatch(command: Command, burst?: string) {
      const document = apply(history.present, command);
      if (document === history.present) return;
      const { graph } = state();
      let next = record(history, document, { graph, burst, now: now() });
      // The name that a selected node gets is not a new selection.
      if (command.kind === "rename" && command.graph === graph && state().selection.has(command.node)) {
        const selection = [...state().selection].map((key) => (key === command.node ? command.name : key));
        store.setState({ selection: new Set(selection) });
      }
      const hand = command.kind === "rename-block" && command.block === graph ? command.name : graph;
      if (hand !== graph) next = { ...next, burst: null };
      show(next, hand);
    },

    settle(positions: Record<string, [number, number]>) {
      const { graph } = state();
      const document = apply(history.present, { kind: "move", graph, positions });
      if (document !== history.present) show({ ...history, present: document }, graph);
    },

    fix(patch: PatchOperation[]) {
      try {
        editor.dispatch({ kind: "patch", patch });
        return true;
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    },

    undo() {
      const step = undone(history);
      if (step) show(step.history, step.graph);
    },

    redo() {
      const step = redone(history);
      if (step) show(step.history, step.graph);
    },

    select(nodes: Iterable<string>) {
      const selection = new Set(nodes);
      const old = state().selection;
      if (selection.size === old.size && [...selection].every((key) => old.has(key))) return;
      store.setState({ selection });
    },

    open(graph: GraphName, through?: string) {
      const { document, graph: hand, use } = state();
      if (!graphOf(document, graph)) return;
      const path = through === undefined ? null : pathThrough(document, hand, use, through);
      store.setState({ graph, use: usable(document, graph, path), selection: new Set() });
    },

    show(nodes: readonly string[], field?: string) {
      const { reveal } = state();
      const [node] = nodes;
      store.setState({
        selection: new Set(nodes),
        reveal: { nodes: [...nodes], count: reveal.count + 1 },
        focus: field !== undefined && node !== undefined ? { node, field } : null,
      });
    },

    goTo(path: string, field?: string) {
      const { document, graph } = state();
      const place = placesOn(document, path).at(-1);
      if (!place) return;
      if (place.graph !== graph || place.use !== state().use) {
        store.setState({ graph: place.graph, use: place.use, selection: new Set() });
      }
      editor.show([place.node], field);
    },

    clearFocus() {
      store.setState({ focus: null });
    },

    load(document: NetworkDoc, options: { id?: string; server?: ServerCopy } = {}) {
      history = newHistory(document);
      store.setState(fresh(document, options.id ?? randomId(), options.server));
    },

    setServer(server: ServerCopy) {
      store.setState({ server });
    },

    fork() {
      store.setState({ id: randomId(), server: { revision: null, dirty: true } });
    },
  };
  return editor;
}

const NOT_THERE: ServerCopy = { revision: null, dirty: false };

function fresh(document: NetworkDoc, id: string, server: ServerCopy = NOT_THERE): EditorState {
  return {
    id,
    server,
    document,
    graph: null,
    use: null,
    selection: new Set(),
    focus: null,
    reveal: { nodes: [], count: 0 },
    canUndo: false,
    canRedo: false,
    past: 0,
  };
}

/** The use whose results are shown: the one asked for while it is one of this block, else the block's first. */
function usable(document: NetworkDoc, graph: GraphName, use: string | null): string | null {
  if (graph === null) return null;
  if (use !== null) {
    const place = placesOn(document, use).at(-1);
    if (place && graphOf(document, place.graph)?.nodes[place.node]?.type === graph) return use;
  }
  return firstUse(document, graph);
}
