/** What the colours mean: the scale with its ends. */

import { statistic } from "../statistics";
import { colour, type Palette, type Scale } from "../tensor/colour";

const css = (rgb: readonly [number, number, number]): string => `rgb(${rgb.map(Math.round).join(" ")})`;

interface LegendProps {
  scale: Scale;
  palette: Palette;
  bool: boolean;
  nan: boolean;
}

export function Legend({ scale, palette, bool, nan }: LegendProps) {
  if (scale.kind === "discrete") {
    const values = Array.from({ length: scale.high - scale.low + 1 }, (_, at) => scale.low + at);
    return (
      <ul className="legend swatches" aria-label="colours">
        {values.map((value) => (
          <li key={value}>
            <i style={{ background: css(colour(value, scale, palette)) }} />
            {bool ? (value ? "True" : "False") : value}
          </li>
        ))}
      </ul>
    );
  }
  const stops = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    css(colour(scale.low + part * (scale.high - scale.low), scale, palette)),
  );
  return (
    <div className="legend ramp mono">
      <span>{statistic(scale.low)}</span>
      <i style={{ background: `linear-gradient(to right, ${stops.join(", ")})` }} />
      <span>{statistic(scale.high)}</span>
      {nan && (
        <>
          <b style={{ background: css(palette.none) }} />
          <span>nan</span>
        </>
      )}
    </div>
  );
}
