/** What a node learns and keeps: its tensors as numbers and pictures, and what they cost. */
import { useState } from "react";
import type { NodeAnswer, WeightAnswer } from "@/api/answer";
import { type NodeDoc, typeName } from "@/document/document";
import { useEditor, useNodePath, useResults } from "@/editor/hooks";
import { editor } from "@/editor/session";
import { macsFormula, parameterFormula, share } from "../cost";
import { PartPager } from "../output/PartPager";
import { TensorView } from "../output/TensorView";
import { usePart } from "../output/usePart";
import { grouped } from "../statistics";
import { tuple } from "../tensor/print";
import { elements } from "../tensor/tensor";

interface ParametersProps {
  nodeKey: string;
  node: NodeDoc;
  answer: NodeAnswer;
}

export function Parameters({ nodeKey, node, answer }: ParametersProps) {
  const graph = useEditor((state) => state.graph);
  const totals = useResults((state) => state.totals);
  const weights = Object.entries(answer.parameters);
  const buffers = Object.entries(answer.buffers);
  const path = useNodePath(nodeKey);
  const type = typeName(node);
  const formula = parameterFormula(answer, type);
  const macs = macsFormula(answer, type);
  return (
    <>
      <h3>
        <span>Cost</span>
        <span className="quiet">share of the network</span>
      </h3>
      <dl className="cost mono">
        <div>
          <dt>parameters</dt>
          <dd>
            {answer.parameter_count === null ? (
              "not known yet"
            ) : (
              <>
                {formula !== null && formula !== String(answer.parameter_count) && `${formula} = `}
                <b>{grouped(answer.parameter_count)}</b>
              </>
            )}
          </dd>
          <dd>{answer.parameter_count !== null && totals && share(answer.parameter_count, totals.parameters)}</dd>
        </div>
        <div>
          <dt>multiply-adds</dt>
          <dd>
            {answer.macs === null ? (
              "not counted for this kind"
            ) : (
              <>
                {macs !== null && `${macs} = `}
                <b>{grouped(answer.macs)}</b>
              </>
            )}
          </dd>
          <dd>{answer.macs !== null && totals?.macs ? share(answer.macs, totals.macs) : ""}</dd>
        </div>
      </dl>
      {weights.length > 0 && (
        <label className="check">
          <input
            type="checkbox"
            checked={node.trainable === false}
            onChange={(event) =>
              editor.dispatch({
                kind: "field",
                graph,
                node: nodeKey,
                field: "trainable",
                value: event.target.checked ? false : undefined,
              })
            }
          />
          Frozen <span className="quiet">requires_grad=False for all of them</span>
        </label>
      )}
      {weights.length === 0 && buffers.length === 0 && (
        <p className="quiet">It has no parameters: nothing to learn here.</p>
      )}
      {weights.map(([name, weight], at) => (
        <WeightEntry
          key={name}
          path={path}
          name={name}
          weight={weight}
          first={at === 0}
          ran={answer.state !== "skipped"}
        />
      ))}
      {buffers.length > 0 && (
        <h3>
          <span>Buffers</span>
          <span className="quiet">kept, not learned</span>
        </h3>
      )}
      {buffers.map(([name, buffer]) => (
        <WeightEntry
          key={name}
          path={path}
          name={name}
          weight={{ ...buffer, count: elements(buffer.shape), requires_grad: false }}
          buffer
          first={false}
          ran={answer.state !== "skipped"}
        />
      ))}
    </>
  );
}

interface WeightEntryProps {
  /** The node's path; null in a block that nothing uses. */
  path: string | null;
  name: string;
  weight: WeightAnswer;
  buffer?: boolean;
  first: boolean;
  ran: boolean;
}

function WeightEntry({ path, name, weight, buffer = false, first, ran }: WeightEntryProps) {
  const [open, setOpen] = useState(first);
  return (
    <details className="weight" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code>{name}</code>
        <span className="mono sizes">
          {tuple(weight.shape)} {grouped(weight.count)}
        </span>
        <small>
          {weight.dtype}
          {!buffer && ` · requires_grad=${weight.requires_grad ? "True" : "False"}`}
          {weight.tied !== undefined && ` · tied to ${weight.tied}`}
        </small>
      </summary>
      {open && path !== null && <WeightValues name={`${path}.${name}`} weight={weight} ran={ran} />}
    </details>
  );
}

function WeightValues({ name, weight, ran }: { name: string; weight: WeightAnswer; ran: boolean }) {
  const part = usePart(ran ? name : null, weight.shape);
  if (!ran) return <p className="quiet">Not built: the network is over a limit. Shapes and counts are exact.</p>;
  const { tensor, stale, error } = part;
  return (
    <>
      <PartPager part={part} />
      {error !== null && <p className="reason">The values cannot be had: {error}</p>}
      {tensor === null && error === null && <p className="quiet">Fetching the values…</p>}
      {tensor && (
        <TensorView
          tensor={tensor}
          part={part.part}
          summary={null}
          total={weight.count}
          bounds={null}
          names={null}
          together
          requiresGrad={weight.requires_grad}
          stale={stale}
        />
      )}
    </>
  );
}
