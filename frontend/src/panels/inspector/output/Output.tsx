/** What comes out of a node. */
import type { NodeAnswer, TensorAnswer } from "@/api/answer";
import { type GraphDoc, type NodeDoc, paramsOf } from "@/document/document";
import { pathOf } from "@/document/paths";
import { useEditor, useResults } from "@/editor/hooks";
import { results } from "@/editor/session";
import { Button } from "@/ui/Button";
import { dimensionNames } from "../dimensions";
import { grouped } from "../statistics";
import { layoutOf } from "../tensor/planes";
import { elements } from "../tensor/tensor";
import { TensorView } from "./TensorView";
import { useTensor } from "./useTensor";

/** More values than this are not sent at once. */
const MOST = 10_000_000;

interface OutputProps {
  nodeKey: string;
  node: NodeDoc;
  graph: GraphDoc;
  answer: NodeAnswer;
}

export function Output({ nodeKey, node, graph, answer }: OutputProps) {
  const use = useEditor((state) => state.use);
  const answers = useResults((state) => state.nodes);
  const ports = Object.entries(answer.outputs);
  const path = pathOf(use, nodeKey);
  return (
    <>
      {random(node) && <Draw />}
      {ports.length === 0 && answer.state === "ok" && <p className="quiet">Nothing comes out: it is left out here.</p>}
      {ports.map(([port, output]) => (
        <OutputPort
          key={port}
          name={`${path}.${port}`}
          title={ports.length > 1 ? port : null}
          output={output}
          ran={answer.state === "ok"}
          names={use === null ? dimensionNames(graph, answers, nodeKey, port) : null}
        />
      ))}
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
  name: string;
  /** The port's name, where there are several. */
  title: string | null;
  output: TensorAnswer;
  ran: boolean;
  names: readonly string[] | null;
}

function OutputPort({ name, title, output, ran, names }: OutputPortProps) {
  const { shape, dtype, summary } = output;
  const count = shape === null ? 0 : elements(shape);
  const fetchable = ran && shape !== null && count <= MOST;
  const { tensor, stale, error } = useTensor(fetchable ? name : null);
  if (shape === null) return <p className="quiet">{title ?? "The output"} is no tensor.</p>;
  const label = headline(shape, names);
  return (
    <section className="output-port" aria-label={title ?? "output"}>
      <h3>
        <span>
          {title !== null && <code>{title}</code>} {label}
        </span>
        <span className="mono shape">
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
      {count > MOST && (
        <p className="quiet">
          More than {grouped(MOST)} values are not sent to the page. Its summary is above; a smaller batch shows its
          values.
        </p>
      )}
      {error !== null && (
        <p className="reason" role="status">
          The values cannot be had: {error}
        </p>
      )}
      {tensor && <TensorView tensor={tensor} summary={summary} names={names} stale={stale} />}
      {!tensor && fetchable && error === null && <p className="quiet">Fetching the values…</p>}
    </section>
  );
}

/** "6 feature maps": what the picture below shows. */
function headline(shape: readonly number[], names: readonly string[] | null): string {
  if (shape.length === 0) return "one number";
  const { mapCount } = layoutOf(shape);
  if (shape.length === 1) return "a vector";
  if (shape.length === 2) return names?.[1] === "features" ? "features" : "a matrix";
  const maps = names?.[shape.length - 3] === "C" ? "feature map" : "matrix";
  return mapCount === 1 ? `one ${maps}` : `${mapCount} ${maps === "matrix" ? "matrices" : `${maps}s`}`;
}
