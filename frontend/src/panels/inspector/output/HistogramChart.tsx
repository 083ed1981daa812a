/** How often values occur, as bars. */
import { useMemo } from "react";
import { grouped, statistic } from "../statistics";
import { histogram } from "../tensor/histogram";
import type { Tensor } from "../tensor/tensor";

const WIDTH = 300;
const HEIGHT = 56;

interface HistogramChartProps {
  tensor: Tensor;
  bounds: { low: number; high: number } | null;
}

export function HistogramChart({ tensor, bounds }: HistogramChartProps) {
  const { edges, counts, outside } = useMemo(() => histogram(tensor, bounds), [tensor, bounds]);
  if (counts.length === 0) return null;
  const most = Math.max(...counts);
  const step = WIDTH / counts.length;
  const fullest = counts.indexOf(most);
  const around = `${statistic(edges[fullest]!)} to ${statistic(edges[fullest + 1]!)}`;
  return (
    <figure className="histogram">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram: ${counts.length} bins, the fullest from ${around} with ${grouped(most)} values`}
      >
        {counts.map((count, bin) => (
          <rect
            key={edges[bin]}
            x={bin * step + 0.5}
            width={Math.max(0.5, step - 1)}
            y={HEIGHT - (count / most) * HEIGHT}
            height={(count / most) * HEIGHT}
          >
            <title>{`${statistic(edges[bin]!)} to ${statistic(edges[bin + 1]!)}: ${grouped(count)}`}</title>
          </rect>
        ))}
      </svg>
      <figcaption className="mono">
        <span>{statistic(bounds?.low ?? null)}</span>
        <span>{outside > 0 ? `${grouped(outside)} not finite` : `most ${grouped(most)}`}</span>
        <span>{statistic(bounds?.high ?? null)}</span>
      </figcaption>
    </figure>
  );
}
