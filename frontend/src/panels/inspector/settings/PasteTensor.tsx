/** Values typed or pasted: nested lists, `tensor([...])` as torch prints it, or CSV; with a preview before they are taken. */
import { useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type GraphName, type Json, type NodeDoc, paramsOf } from "@/document/document";
import { parseTensor } from "@/document/tensor";
import { editor } from "@/editor/session";
import { Button } from "@/ui/Button";
import { formatNested } from "./literal";

interface PasteTensorProps {
  graph: GraphName;
  nodeKey: string;
  node: NodeDoc;
}

type Pasted = { values: Json; shape: number[]; dtype: string };

/** The tensor, or why the text is none. */
function read(text: string): { tensor: Pasted } | { reason: string } | null {
  if (text.trim() === "") return null;
  try {
    return { tensor: parseTensor(text) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

export function PasteTensor({ graph, nodeKey, node }: PasteTensorProps) {
  const id = useId();
  const params = paramsOf(node);
  const [text, setText] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const done = () => {
    flushSync(() => setText(null));
    opener.current?.focus();
  };
  const filled = params.fill === "values" && params.values !== undefined;
  if (text === null) {
    return (
      <div className="paste-row">
        <Button ref={opener} size="small" onClick={() => setText(filled ? formatNested(params.values!) : "")}>
          {filled ? "Edit the values…" : "Paste a tensor…"}
        </Button>
      </div>
    );
  }
  const found = read(text);
  const take = (tensor: Pasted) => {
    const rest = Object.fromEntries(
      Object.entries(params).filter(([name]) => !["low", "high", "name", "index"].includes(name)),
    );
    editor.dispatch({
      kind: "field",
      graph,
      node: nodeKey,
      field: "params",
      value: { ...rest, shape: tensor.shape, dtype: tensor.dtype, fill: "values", values: tensor.values },
    });
    done();
  };
  return (
    <div className="paste">
      <label htmlFor={id}>Paste a tensor: nested lists, tensor([...]) as torch prints it, or CSV</label>
      <textarea
        id={id}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for this box
        autoFocus
        rows={6}
        className="input mono"
        spellCheck={false}
        placeholder={"[[0.5, 1.2],\n [2.0, 0.1]]"}
        value={text}
        aria-invalid={(found !== null && "reason" in found) || undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            done();
          }
        }}
      />
      <p
        id={`${id}-note`}
        aria-live="polite"
        className={found !== null && "reason" in found ? "reason" : "preview mono"}
      >
        {found === null
          ? "Nothing yet."
          : "reason" in found
            ? found.reason
            : `shape ${found.tensor.shape.join(", ") || "[]"} · ${found.tensor.dtype}`}
      </p>
      <div className="fixes">
        <Button
          size="small"
          variant="primary"
          disabled={found === null || "reason" in found}
          onClick={() => found !== null && "tensor" in found && take(found.tensor)}
        >
          Use these values
        </Button>
        <Button size="small" variant="quiet" onClick={done}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
