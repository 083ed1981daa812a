/** A tensor as pictures: a grid of maps, one of them enlarged, the value under the pointer or the keyboard's cursor with its index. */
import { useMemo, useState } from "react";
import { painter, type Scale } from "../tensor/colour";
import type { Part } from "../tensor/parts";
import { layoutOf, mapOffset } from "../tensor/planes";
import { valueText } from "../tensor/print";
import { at, elements, multiIndex, type Tensor } from "../tensor/tensor";
import { Legend } from "./Legend";
import { MapGrid } from "./MapGrid";
import { MapWindow } from "./MapWindow";
import { usePalette } from "./palette";
import type { Spot } from "./spot";
import { useWidth } from "./width";

/** Pixels, before the panel has been measured. */
const WIDTH = 292;

interface MapsProps {
  tensor: Tensor;
  part: Part;
  scale: Scale;
  /** Names of the dimensions, where known. */
  names: readonly string[] | null;
  /** Weights: all leading dimensions are maps (kernels). */
  together: boolean;
  /** Some values are NaN: the legend says how they look. */
  nan: boolean;
  /** Each value that is pointed at, by its index in the whole tensor. */
  onPoint?: ((index: readonly number[], value: number) => void) | undefined;
}

export function Maps({ tensor, part, scale, names, together, nan, onPoint }: MapsProps) {
  const { shape } = tensor;
  const palette = usePalette();
  const layout = useMemo(() => layoutOf(shape, together), [shape, together]);
  const [chosen, setChosen] = useState<number[]>([]);
  const [opened, setOpened] = useState<number | null>(null);
  const [spot, setSpot] = useState<Spot | null>(null);
  const paint = useMemo(() => painter(scale, palette), [scale, palette]);
  const [width, measure] = useWidth(WIDTH);
  const single = layout.mapCount === 1 ? 0 : opened === null ? null : Math.min(opened, layout.mapCount - 1);

  if (elements(shape) === 0) return <p className="quiet">No values: one of its sizes is 0.</p>;

  const position = spot === null ? null : positionOf(tensor, together, chosen, spot);
  const point = (to: Spot | null) => {
    setSpot(to);
    const place = to === null ? null : positionOf(tensor, together, chosen, to);
    if (place !== null) onPoint?.(indexIn(part, multiIndex(place, shape)), at(tensor, place));
  };
  return (
    <div className="maps" ref={measure}>
      {layout.chosen.map((dim, place) => (
        <Chooser
          key={dim}
          name={names?.[dim] ?? `dim ${dim}`}
          size={shape[dim]!}
          value={Math.min(chosen[place] ?? 0, shape[dim]! - 1)}
          onChange={(index) => {
            const next = layout.chosen.map((_, at) => chosen[at] ?? 0);
            next[place] = index;
            setChosen(next);
          }}
        />
      ))}
      {single === null ? (
        <MapGrid {...{ tensor, together, chosen, paint, spot, setSpot: point, width }} onOpen={setOpened} />
      ) : (
        <MapWindow
          key={single}
          {...{ tensor, together, chosen, paint, spot, setSpot: point, width }}
          map={single}
          onClose={layout.mapCount > 1 ? () => setOpened(null) : null}
        />
      )}
      <output className="probe mono" aria-live="polite">
        {position === null ? (
          <span className="quiet">point at a value, or walk with the arrow keys</span>
        ) : (
          <>
            [{indexIn(part, multiIndex(position, shape)).join(", ")}] <b>{valueText(tensor, position)}</b>
          </>
        )}
      </output>
      <Legend scale={scale} palette={palette} bool={tensor.dtype === "bool"} nan={nan} />
    </div>
  );
}

/** The index in the whole tensor. */
function indexIn({ prefix, start }: Part, own: number[]): number[] {
  return [...prefix, ...own.map((at, dim) => (dim === 0 ? at + start : at))];
}

/** The place in memory of a spot; null beyond the end of a broken vector. */
function positionOf(tensor: Tensor, together: boolean, chosen: readonly number[], spot: Spot): number | null {
  const layout = layoutOf(tensor.shape, together);
  const position = mapOffset(tensor.shape, layout, chosen, spot.map) + spot.row * layout.columns + spot.column;
  return position < elements(tensor.shape) ? position : null;
}

interface ChooserProps {
  name: string;
  size: number;
  value: number;
  onChange(index: number): void;
}

/** An index of a dimension that is not drawn: the batch, a head, a layer. */
function Chooser({ name, size, value, onChange }: ChooserProps) {
  if (size <= 1) return null;
  return (
    <label className="chooser">
      <span className="mono">{name}</span>
      <input
        type="range"
        min={0}
        max={size - 1}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <span className="mono">
        {value} of {size}
      </span>
    </label>
  );
}
