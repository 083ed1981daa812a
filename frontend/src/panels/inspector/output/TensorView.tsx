/** A tensor to look at: picture, summary, how often values occur, the values as torch prints them. */
import { useMemo } from "react";
import type { Summary } from "@/api/answer";
import { remarks, statistic } from "../statistics";
import { range, scaleOf } from "../tensor/colour";
import { torchPrint } from "../tensor/print";
import { elements, type Tensor } from "../tensor/tensor";
import { HistogramChart } from "./HistogramChart";
import { Maps } from "./Maps";
import { summarise } from "./summarise";

/** Up to so many values their text is in sight at once. */
const FEW = 64;

interface TensorViewProps {
  tensor: Tensor;
  /** The server's summary; made here where it has none (weights). */
  summary: Summary | null;
  names: readonly string[] | null;
  together?: boolean;
  requiresGrad?: boolean;
  stale: boolean;
}

export function TensorView({ tensor, summary, names, together = false, requiresGrad = false, stale }: TensorViewProps) {
  const bounds = useMemo(() => range(tensor), [tensor]);
  const scale = useMemo(() => scaleOf(tensor.dtype, bounds), [tensor.dtype, bounds]);
  const text = useMemo(() => torchPrint(tensor, { requiresGrad }), [tensor, requiresGrad]);
  const figures = useMemo(() => summary ?? summarise(tensor), [summary, tensor]);
  const count = elements(tensor.shape);
  return (
    <div className={`tensor ${stale ? "stale" : ""}`}>
      {count > 1 && <Maps key={tensor.shape.join()} tensor={tensor} scale={scale} names={names} together={together} />}
      {figures && count > 1 && <SummaryBoxes summary={figures} count={count} />}
      {count > 4 && <HistogramChart tensor={tensor} bounds={bounds} />}
      <details open={count <= FEW}>
        <summary>Values, as torch prints them</summary>
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
