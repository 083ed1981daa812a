/** The right panel: the node that is selected, the nodes, or the network. */
import { useCallback, useState } from "react";
import { graphOf } from "@/document/document";
import { useEditor } from "@/editor/hooks";
import { useWorkspace } from "@/workspace/workspace";
import { Network } from "./Network";
import { NodePanel, type Tab } from "./NodePanel";
import { Several } from "./Several";
import "./inspector.css";

export function Inspector() {
  const name = useEditor((state) => state.graph);
  const graph = useEditor((state) => graphOf(state.document, state.graph));
  const selection = useEditor((state) => state.selection);
  const [chosen, setChosen] = useState<Tab | null>(null);
  const choose = useCallback((tab: Tab) => setChosen(tab), []);
  const keys = graph ? [...selection].filter((key) => Object.hasOwn(graph.nodes, key)) : [];
  const [key] = keys;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape goes back to where one came from
    <div
      className="inspector"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) useWorkspace.getState().canvas?.focus();
      }}
    >
      {!graph || key === undefined ? (
        <Network key={name} />
      ) : keys.length === 1 ? (
        <NodePanel
          key={`${name}/${key}`}
          nodeKey={key}
          node={graph.nodes[key]!}
          graph={graph}
          chosen={chosen}
          onChoose={choose}
        />
      ) : (
        <Several keys={keys} graph={graph} />
      )}
    </div>
  );
}
