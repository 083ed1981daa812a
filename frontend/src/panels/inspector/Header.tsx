/** Who the node is: its name (changed in place), type, state, repr and what it does. */
import { useEffect, useId, useState } from "react";
import type { NodeAnswer } from "@/api/answer";
import { calledNode, type GraphDoc, type GraphName, graphOf, type NodeDoc, typeName } from "@/document/document";
import { nodeNameFault } from "@/document/names";
import { useEditor, useNodeLayer } from "@/editor/hooks";
import { editor } from "@/editor/session";
import { Button } from "@/ui/Button";
import { familyColour } from "@/ui/families";

interface HeaderProps {
  nodeKey: string;
  node: NodeDoc;
  graph: GraphDoc;
  answer: NodeAnswer | undefined;
  stale: boolean;
}

export function Header({ nodeKey, node, graph, answer, stale }: HeaderProps) {
  const name = useEditor((state) => state.graph);
  const block = useEditor((state) => graphOf(state.document, typeName(node) ?? ""));
  const called = calledNode(node);
  const layer = useNodeLayer(nodeKey);
  const family = block ? "block" : layer?.family;
  return (
    <div className="inspector-head">
      <div className="title">
        <i className="family" style={{ background: familyColour(family) }} />
        <Name graph={name} graphDoc={graph} nodeKey={nodeKey} />
        <span className="type" title={family}>
          {called === undefined ? (typeName(node) ?? "no type") : `calls ${called}`}
        </span>
      </div>
      {answer?.repr && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre className={`repr ${stale ? "stale" : ""}`} tabIndex={0}>
          {answer.repr}
        </pre>
      )}
      <p className="about">
        {block ? "a block of this document" : layer ? layer.summary : "there is no such type"}
        {called !== undefined && (
          <>
            {" · "}
            <button type="button" className="link" onClick={() => editor.show([called])}>
              the weights of {called}
            </button>
          </>
        )}
      </p>
      {block && (
        <Button size="small" onClick={() => editor.open(node.type!, nodeKey)}>
          Open the block {node.type}
        </Button>
      )}
    </div>
  );
}

function Name({ graph, graphDoc, nodeKey }: { graph: GraphName; graphDoc: GraphDoc; nodeKey: string }) {
  const id = useId();
  const focus = useEditor((state) => state.focus);
  const [text, setText] = useState(nodeKey);
  useEffect(() => setText(nodeKey), [nodeKey]);
  useEffect(() => {
    if (focus?.node !== nodeKey || focus.field !== "name") return;
    const field = document.getElementById(`${id}-name`) as HTMLInputElement | null;
    field?.focus();
    field?.select();
    editor.clearFocus();
  }, [focus, nodeKey, id]);
  // What is wrong with the name that the node has is told below, as a problem.
  const fault = nodeNameFault(graphDoc, text, nodeKey);
  const commit = () => {
    if (text === nodeKey) return;
    if (fault === null) editor.dispatch({ kind: "rename", graph, node: nodeKey, name: text });
    else setText(nodeKey);
  };
  return (
    <span className="name">
      <input
        id={`${id}-name`}
        aria-label="Name of the node"
        aria-invalid={fault !== null || undefined}
        aria-describedby={fault === null || text === nodeKey ? undefined : `${id}-fault`}
        autoComplete="off"
        spellCheck={false}
        size={Math.max(3, text.length)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          // Leaving the field takes the name.
          if (event.key === "Enter" && fault === null) event.currentTarget.blur();
          if (event.key === "Escape") {
            event.stopPropagation();
            setText(nodeKey);
          }
        }}
      />
      {fault !== null && text !== nodeKey && (
        <small id={`${id}-fault`} role="alert" className="reason">
          {fault}
        </small>
      )}
    </span>
  );
}
