/** The right panel: the node that is selected, the nodes, or the network. */
import { useCallback, useState } from "react";
import { graphOf } from "@/document/document";
import { useEditor } from "@/editor/hooks";
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
    <div className="inspector">
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
