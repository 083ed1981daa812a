/** What comes out of a node. */
import { useState } from "react";
import type { NodeAnswer, Summary, TensorAnswer } from "@/api/answer";
import { type GraphDoc, type NodeDoc, paramsOf } from "@/document/document";
import { pathOf } from "@/document/paths";
import { useEditor, useNodePath, useResults } from "@/editor/hooks";
import { results } from "@/editor/session";
import { Button } from "@/ui/Button";
import { dimensionNames } from "../dimensions";
import { Explain, type Pointed } from "../explain/Explain";
import { grouped } from "../statistics";
import { layoutOf } from "../tensor/planes";
import { elements } from "../tensor/tensor";
import { PartPager } from "./PartPager";
import { TensorView } from "./TensorView";
import { usePart } from "./usePart";

const NOTHING: Record<NodeAnswer["state"], string> = {
  ok: "Nothing comes out: it is left out, or only called elsewhere.",
  error: "Nothing comes out until the fault above is mended.",
  blocked: "Nothing comes out yet. When what it waits for works, its values are here.",
  skipped: "Not computed.",
};

interface OutputProps {
  nodeKey: string;
  node: NodeDoc;
  graph: GraphDoc;
  answer: NodeAnswer;
}

export function Output({ nodeKey, node, graph, answer }: OutputProps) {
  const use = useEditor((state) => state.use);
  const document = useEditor((state) => state.document);
  const name = useEditor((state) => state.graph);
  const answers = useResults((state) => state.nodes);
  const inHand = { get: (key: string) => answers.get(pathOf(document, name, use, key) ?? "") };
  const ports = Object.entries(answer.outputs);
  const path = useNodePath(nodeKey);
  const [pointed, setPointed] = useState<(Pointed & { of: NodeAnswer }) | null>(null);
  return (
    <>
      {random(node) && <Draw />}
      {ports.length === 0 && <p className="quiet">{NOTHING[answer.state]}</p>}
      {ports.map(([port, output]) => (
        <OutputPort
          key={port}
          name={path === null ? null : `${path}.${port}`}
          title={ports.length > 1 ? port : null}
          output={output}
          ran={answer.state === "ok"}
          names={dimensionNames(graph, inHand, nodeKey, port)}
          onPoint={(index, value) => setPointed({ of: answer, index, value })}
        />
      ))}
      {answer.state === "ok" && ports.length === 1 && ports[0]![1].shape !== null && (
        <Explain
          {...{ nodeKey, node, graph }}
          shape={ports[0]![1].shape}
          pointed={pointed?.of === answer ? pointed : null}
        />
      )}
    </>
  );
}

/** Whether another draw may change what it gives. */
function random(node: NodeDoc): boolean {
  if (node.type === "Input") return ["randn", "rand", "randint"].includes(String(paramsOf(node).fill ?? "randn"));
  return /dropout|rrelu|^rand|bernoulli|gumbel/i.test(node.type ?? "");
}

function Draw() {
  const draw = useResults((state) => state.draw);
  return (
    <div className="draw">
      <Button size="small" onClick={() => results.setDraw(draw + 1)}>
        Another draw
      </Button>
      {draw === 0 ? (
        <span className="quiet">random inputs and dropout anew, the weights stay</span>
      ) : (
        <>
          <span className="mono">draw {draw}</span>
          <Button size="small" variant="quiet" onClick={() => results.setDraw(0)}>
            Back to the seed's own
          </Button>
        </>
      )}
    </div>
  );
}

interface OutputPortProps {
  /** The tensor's name from the top; null in a block that nothing uses. */
  name: string | null;
  /** The port's name, where there are several. */
  title: string | null;
  output: TensorAnswer;
  ran: boolean;
  names: readonly string[] | null;
  onPoint(index: readonly number[], value: number): void;
}

function OutputPort({ name, title, output, ran, names, onPoint }: OutputPortProps) {
  const { shape, dtype, summary } = output;
  const count = shape === null ? 0 : elements(shape);
  const part = usePart(ran ? name : null, shape ?? []);
  const { tensor, stale, error } = part;
  if (shape === null) return <p className="quiet">{title ?? "The output"} is no tensor.</p>;
  const label = headline(shape, names);
  return (
    <section className="output-port" aria-label={title ?? "output"}>
      <h3>
        <span>
          {title !== null && <code>{title}</code>} {label}
        </span>
        <span className="mono sizes">
          {shape.length === 0
            ? "scalar"
            : names
              ? shape.map((size, dim) => `${names[dim]} ${size}`).join(", ")
              : shape.join(", ")}
        </span>
      </h3>
      <p className="quiet mono">
        {dtype} · {grouped(count)} value{count === 1 ? "" : "s"}
      </p>
      <PartPager part={part} />
      {error !== null && (
        <p className="reason" role="status">
          The values cannot be had: {error}
        </p>
      )}
      {tensor && (
        <TensorView
          tensor={tensor}
          part={part.part}
          summary={summary}
          total={count}
          bounds={boundsOf(summary)}
          names={names === null ? null : names.slice(part.part.prefix.length)}
          stale={stale}
          onPoint={onPoint}
        />
      )}
      {!tensor && ran && error === null && <p className="quiet">Fetching the values…</p>}
    </section>
  );
}

/** The finite range of the whole tensor, as the server found it: parts of one tensor share their colours. */
function boundsOf(summary: Summary | null): { low: number; high: number } | null {
  if (summary === null || summary.min === null || summary.max === null) return null;
  return { low: Number(summary.min), high: Number(summary.max) };
}

/** "6 feature maps": what the picture below shows. */
function headline(shape: readonly number[], names: readonly string[] | null): string {
  const { rank, mapCount } = layoutOf(shape);
  if (rank === 0) return "one number";
  if (rank === 1) return names?.at(-1) === "features" ? "features" : "a vector";
  if (rank === 2 && !names?.includes("C")) return names?.at(-1) === "features" ? "features" : "a matrix";
  const maps = names?.[shape.length - 3] === "C" ? "feature map" : "matrix";
  return mapCount === 1 ? `one ${maps}` : `${mapCount} ${maps === "matrix" ? "matrices" : `${maps}s`}`;
}
