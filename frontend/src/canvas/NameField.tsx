/** A node's name; double-click or F2 makes it a field. What may not be a name is said and not taken. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { create } from "zustand";
import { graphOf } from "@/document/document";
import { nodeNameFault } from "@/document/names";
import { useEditor } from "@/editor/hooks";
import { editor } from "@/editor/session";

/** The node whose name is being written. */
export const useNaming = create<{ node: string | null }>(() => ({ node: null }));

export function NameField({ node }: { node: string }) {
  const naming = useNaming((state) => state.node === node);
  if (naming) return <NameInput node={node} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is F2 on the node
    <b
      className="node-name"
      title={node}
      onDoubleClick={(event) => {
        event.stopPropagation();
        useNaming.setState({ node });
      }}
    >
      {node}
    </b>
  );
}

function NameInput({ node }: { node: string }) {
  const [name, setName] = useState(node);
  const input = useRef<HTMLInputElement>(null);
  const document = useEditor((state) => state.document);
  const graphName = useEditor((state) => state.graph);
  const graph = graphOf(document, graphName);
  const fault = graph ? nodeNameFault(graph, name, node) : null;
  useEffect(() => input.current?.select(), []);

  const close = (take: boolean) => {
    useNaming.setState({ node: null });
    if (take && name !== node && fault === null) {
      editor.dispatch({ kind: "rename", graph: graphName, node, name });
    }
    // The keys go on where they were.
    const key = take && fault === null ? name : node;
    requestAnimationFrame(() => {
      if (globalThis.document.activeElement !== globalThis.document.body) return;
      globalThis.document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(key)}"]`)?.focus();
    });
  };
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter" && fault === null) close(true);
    if (event.key === "Escape") close(false);
  };
  return (
    <>
      <input
        ref={input}
        className="name-input nodrag nopan nokey"
        aria-label={`Name of ${node}`}
        aria-invalid={fault !== null}
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={keys}
        onBlur={() => close(true)}
      />
      {fault !== null && (
        <span className="name-fault" role="alert">
          {fault}
        </span>
      )}
    </>
  );
}
