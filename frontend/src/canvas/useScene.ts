import { useMemo, useRef } from "react";
import type { GraphName, NetworkDoc } from "@/document/document";
import { pathOf } from "@/document/paths";
import { useCatalogue, useEditor, useResults } from "@/editor/hooks";
import { results } from "@/editor/session";
import { makeScene, type Scene } from "./scene";

/** The scene of the graph in hand; what did not change keeps its identity. */
export function useScene(document: NetworkDoc, name: GraphName): Scene {
  const types = useCatalogue();
  const use = useEditor((state) => state.use);
  const before = useRef<Scene | null>(null);
  // Only types whose outputs a run decides read the answer; their names change the scene, other answers do not.
  const numbered = useResults((state) => {
    let found = "";
    for (const [path, node] of state.nodes) {
      const names = Object.keys(node.outputs);
      if (names[0] === "0") found += `${path}:${names.length};`;
    }
    return found;
  });
  return useMemo(() => {
    void numbered;
    const answered = (key: string) => {
      const path = pathOf(document, name, use, key);
      const answer = path === null ? undefined : results.store.getState().nodes.get(path);
      return Object.keys(answer?.outputs ?? {});
    };
    const scene = makeScene(document, name, types, answered, before.current);
    before.current = scene;
    return scene;
  }, [document, name, types, use, numbered]);
}
