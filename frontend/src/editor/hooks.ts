/** How components read the editor. Each hook renders its component only when what it returns has changed. */
import { useMemo, useRef } from "react";
import { useStore } from "zustand";
import type { LayerParam, LayerType, NodeAnswer, Problem } from "@/api/answer";
import { type GraphDoc, graphOf, type NodeDoc, nodeOf, same } from "@/document/document";
import { pathOf } from "@/document/paths";
import type { Ports } from "@/document/ports";
import { layerOf, paramsFor, portsOf } from "./catalogue";
import type { CatalogueState, EditorState, RemoteState, ResultsState, SavingState } from "./interface";
import { savingLabel } from "./label";
import { catalogue, editor, remote, results, saving } from "./session";

export { catalogue, client, editor, results, saving } from "./session";

const NONE: readonly Problem[] = [];

/** The selector must return something that stays the same object while it says the same. */
export function useEditor<T>(selector: (state: EditorState) => T): T {
  return useStore(editor.store, selector);
}

export function useResults<T>(selector: (state: ResultsState) => T): T {
  return useStore(results.store, selector);
}

/** Whether some node does not run: then what is counted is not of the whole network. */
export function usePartial(): boolean {
  return useResults(({ nodes }) => {
    for (const { state } of nodes.values()) if (state === "error" || state === "blocked") return true;
    return false;
  });
}

/** The graph in hand. */
export function useGraph(): GraphDoc {
  return useEditor((state) => graphOf(state.document, state.graph) ?? state.document);
}

/** A node of the graph in hand. */
export function useNode(key: string): NodeDoc | undefined {
  return useEditor((state) => nodeOf(graphOf(state.document, state.graph), key));
}

/** What the newest answer says of a node of the graph in hand; in a block, of the use that is shown. */
export function useNodeAnswer(key: string): NodeAnswer | undefined {
  const path = useNodePath(key);
  return useResults((state) => (path === null ? undefined : state.nodes.get(path)));
}

/** The name of a node of the graph in hand in answers; null in a block that nothing uses. */
export function useNodePath(key: string): string | null {
  return useEditor(({ document, graph, use }) => pathOf(document, graph, use, key));
}

/** The problems of a node of the graph in hand, those inside the block that it uses too. */
export function useProblemsOf(key: string): readonly Problem[] {
  const graph = useEditor((state) => state.graph);
  return useResults((state) => state.badges.get(graph)?.get(key) ?? NONE);
}

export function useCatalogue(): CatalogueState;
export function useCatalogue<T>(selector: (state: CatalogueState) => T): T;
export function useCatalogue(selector: (state: CatalogueState) => unknown = whole): unknown {
  return useStore(catalogue.store, selector);
}

const whole = (state: CatalogueState) => state;

/** The ports of a node of the graph in hand; null while its type is unknown. */
export function useNodePorts(key: string): Ports | null {
  const types = useCatalogue();
  return useEditor(useKept((state) => portsOf(types, state.document, state.graph, key)));
}

/** A node's type in the catalogue, through `call`; null for blocks and unknown types. */
export function useNodeLayer(key: string): LayerType | null {
  const types = useCatalogue();
  return useEditor((state) => layerOf(types, graphOf(state.document, state.graph), key));
}

/** The parameters that a node may have: its type's, or its block's. */
export function useNodeParams(key: string): readonly LayerParam[] {
  const types = useCatalogue();
  return useEditor(useKept((state) => paramsFor(types, state.document, state.graph, key)));
}

/** A selector that makes something new each time, kept while it says the same: a drag does not render every node. */
function useKept<T>(selector: (state: EditorState) => T): (state: EditorState) => T {
  const kept = useRef<T>(undefined);
  return (state) => {
    const found = selector(state);
    if (kept.current === undefined || !same(kept.current, found)) kept.current = found;
    return kept.current;
  };
}

/** Where the document is kept, and the words for it. */
export function useSaving(): SavingState & { remote: RemoteState; label: string } {
  const state = useStore(saving.store);
  const server = useStore(remote.store);
  const phase = useResults((now) => now.phase);
  return useMemo(
    () => ({ ...state, remote: server, label: savingLabel(state, server, phase) }),
    [state, server, phase],
  );
}
