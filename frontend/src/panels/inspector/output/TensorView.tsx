/** A tensor to look at: picture, summary, how often values occur, the values as torch prints them. */
import { useMemo } from "react";
import type { Summary } from "@/api/answer";
import { remarks, statistic } from "../statistics";
import { range, scaleOf } from "../tensor/colour";
import type { Part } from "../tensor/parts";
import { torchPrint } from "../tensor/print";
import { elements, type Tensor } from "../tensor/tensor";
import { HistogramChart } from "./HistogramChart";
import { Maps } from "./Maps";
import { summarise } from "./summarise";

/** Up to so many values their text is in sight at once. */
const FEW = 64;

interface TensorViewProps {
  tensor: Tensor;
  /** Which part of a large tensor it is. */
  part: Part;
  /** The server's summary of the whole tensor; made here, of the part, where it has none (weights). */
  summary: Summary | null;
  /** Values of the whole tensor. */
  total: number;
  /** The range that the colours are for; null for this tensor's own. */
  bounds: { low: number; high: number } | null;
  names: readonly string[] | null;
  together?: boolean;
  requiresGrad?: boolean;
  stale: boolean;
  onPoint?: (index: readonly number[], value: number) => void;
}

export function TensorView(props: TensorViewProps) {
  const { tensor, part, summary, names, together = false, requiresGrad = false, stale } = props;
  const own = useMemo(() => range(tensor), [tensor]);
  const { low, high } = props.bounds ?? own ?? { low: 0, high: 0 };
  const scale = useMemo(() => scaleOf(tensor.dtype, { low, high }), [tensor.dtype, low, high]);
  const text = useMemo(() => torchPrint(tensor, { requiresGrad }), [tensor, requiresGrad]);
  const figures = useMemo(() => summary ?? summarise(tensor), [summary, tensor]);
  const count = elements(tensor.shape);
  return (
    <div className={`tensor ${stale ? "stale" : ""}`}>
      {count > 1 && (
        <Maps
          part={part}
          key={tensor.shape.join()}
          tensor={tensor}
          scale={scale}
          names={names}
          together={together}
          nan={(figures?.nan ?? 0) > 0}
          onPoint={props.onPoint}
        />
      )}
      {figures && count > 1 && <SummaryBoxes summary={figures} count={summary === null ? count : props.total} />}
      {count > 4 && <HistogramChart tensor={tensor} bounds={own} />}
      <details open={count <= FEW}>
        <summary>Values{part.index !== null && ` of [${part.index}]`}, as torch prints them</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{text}</pre>
      </details>
    </div>
  );
}

function SummaryBoxes({ summary, count }: { summary: Summary; count: number }) {
  const words = remarks(summary, count);
  return (
    <>
      <dl className="boxes">
        {(["min", "mean", "max", "std"] as const).map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">{statistic(summary[name])}</dd>
          </div>
        ))}
      </dl>
      {words !== "" && <p className="quiet">{words}</p>}
    </>
  );
}
