/** A tensor as pictures: a grid of maps, one of them enlarged, the value under the pointer or the keyboard's cursor with its index. */
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "@/ui/Button";
import { painter, type Scale } from "../tensor/colour";
import type { Part } from "../tensor/parts";
import { gridOf, layoutOf, mapOffset, pageOf, probe } from "../tensor/planes";
import { valueText } from "../tensor/print";
import { elements, multiIndex, type Tensor } from "../tensor/tensor";
import { drawGrid, drawWindow } from "./draw";
import { Legend } from "./Legend";
import { Pager } from "./Pager";
import { usePalette } from "./palette";
import { useWidth } from "./width";

/** Pixels: the width before the panel has been measured, and the height of a page. */
const WIDTH = 292;
const HEIGHT = 320;
const CELLS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

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
}

interface Spot {
  map: number;
  row: number;
  column: number;
}

export function Maps({ tensor, part, scale, names, together, nan }: MapsProps) {
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
        <MapGrid {...{ tensor, together, chosen, paint, spot, setSpot, width }} onOpen={setOpened} />
      ) : (
        <MapWindow
          key={single}
          {...{ tensor, together, chosen, paint, spot, setSpot, width }}
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

interface DrawnProps {
  /** Pixels to draw on. */
  width: number;
  tensor: Tensor;
  together: boolean;
  chosen: readonly number[];
  paint: (value: number) => number;
  spot: Spot | null;
  setSpot(spot: Spot | null): void;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function MapGrid({
  tensor,
  together,
  chosen,
  paint,
  spot,
  setSpot,
  width,
  onOpen,
}: DrawnProps & { onOpen(map: number): void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const layout = useMemo(() => layoutOf(tensor.shape, together), [tensor.shape, together]);
  const grid = useMemo(() => gridOf(layout.rows, layout.columns, layout.mapCount, width, HEIGHT), [layout, width]);
  const [wanted, setWanted] = useState(0);
  const page = pageOf(layout.mapCount, grid.perPage, wanted);
  const { start, end } = page;
  useEffect(() => {
    drawGrid(canvas.current!, tensor, layout, chosen, grid, { start, end, page: 0, pages: 1 }, paint);
  }, [tensor, layout, chosen, grid, start, end, paint]);

  const under = (event: PointerEvent<HTMLElement>) => {
    const box = canvas.current!.getBoundingClientRect();
    return probe(grid, layout, page, event.clientX - box.left, event.clientY - box.top);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") return onOpen(spot?.map ?? start);
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const map = (spot?.map ?? start) + arrow[1] + arrow[0] * grid.across;
    if (map >= 0 && map < layout.mapCount) {
      setSpot({ map, row: 0, column: 0 });
      setWanted(Math.floor(map / grid.perPage));
    }
  };
  return (
    <>
      <div
        role="application"
        aria-label={`${layout.mapCount} maps of ${layout.rows} by ${layout.columns} values; Enter enlarges one`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read the values
        tabIndex={0}
        className="drawing"
        onPointerMove={(event) => setSpot(under(event))}
        onPointerLeave={() => setSpot(null)}
        onClick={(event) => {
          const box = canvas.current!.getBoundingClientRect();
          const hit = probe(grid, layout, page, event.clientX - box.left, event.clientY - box.top);
          if (hit) onOpen(hit.map);
        }}
        onKeyDown={keys}
      >
        <canvas ref={canvas} />
      </div>
      <Pager
        label="maps"
        text={`${start}–${end - 1} of ${layout.mapCount}`}
        page={page.page}
        pages={page.pages}
        onPage={setWanted}
      />
    </>
  );
}

function MapWindow({
  tensor,
  together,
  chosen,
  paint,
  spot,
  setSpot,
  width,
  map,
  onClose,
}: DrawnProps & { map: number; onClose: (() => void) | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const layout = useMemo(() => layoutOf(tensor.shape, together), [tensor.shape, together]);
  const [zoom, setZoom] = useState<number | null>(null);
  const [place, setPlace] = useState({ row: 0, column: 0 });
  const { rows, columns } = layout;
  // The whole map where that leaves cells to be seen, else as much of it as the page holds.
  const fitting = Math.floor(Math.min(width / columns, HEIGHT / rows));
  const cell = zoom ?? Math.min(32, Math.max(2, fitting));
  const down = pageOf(rows, Math.floor(HEIGHT / cell), Math.floor(place.row / Math.max(1, Math.floor(HEIGHT / cell))));
  const across = pageOf(
    columns,
    Math.floor(width / cell),
    Math.floor(place.column / Math.max(1, Math.floor(width / cell))),
  );
  const offset = mapOffset(tensor.shape, layout, chosen, map);
  useEffect(() => {
    const shown = {
      row: down.start,
      column: across.start,
      rows: down.end - down.start,
      columns: across.end - across.start,
    };
    drawWindow(canvas.current!, tensor, layout, offset, shown, cell, paint);
  }, [tensor, layout, offset, down.start, down.end, across.start, across.end, cell, paint]);

  const move = (row: number, column: number) => {
    const to = {
      map,
      row: Math.min(rows - 1, Math.max(0, row)),
      column: Math.min(columns - 1, Math.max(0, column)),
    };
    setSpot(to);
    setPlace({ row: to.row, column: to.column });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape" && onClose) {
      event.stopPropagation();
      onClose();
    }
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const from = spot?.map === map ? spot : { row: down.start - arrow[0], column: across.start - arrow[1] };
    const step = event.shiftKey ? 10 : 1;
    move(from.row + arrow[0] * step, from.column + arrow[1] * step);
  };
  const under = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    const row = down.start + Math.floor((event.clientY - box.top) / cell);
    const column = across.start + Math.floor((event.clientX - box.left) / cell);
    setSpot(
      row >= down.start && row < down.end && column >= across.start && column < across.end
        ? { map, row, column }
        : null,
    );
  };
  const larger = CELLS.find((size) => size > cell);
  const smaller = CELLS.filter((size) => size < cell).at(-1);
  return (
    <>
      <div className="window-tools">
        {onClose ? (
          <Button size="small" variant="quiet" onClick={onClose}>
            All maps
          </Button>
        ) : null}
        {onClose && <span className="mono">map {map}</span>}
        <span className="spring" />
        <IconButton
          label="Zoom out"
          icon="minus"
          disabled={smaller === undefined}
          onClick={() => smaller !== undefined && setZoom(smaller)}
        />
        <IconButton
          label="Zoom in"
          icon="plus"
          disabled={larger === undefined}
          onClick={() => larger !== undefined && setZoom(larger)}
        />
      </div>
      <div
        role="application"
        aria-label={`${rows} by ${columns} values; the arrow keys read them`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read the values
        tabIndex={0}
        className="drawing"
        onPointerMove={under}
        onPointerLeave={() => setSpot(null)}
        onKeyDown={keys}
      >
        <canvas ref={canvas} />
        {spot?.map === map &&
          spot.row >= down.start &&
          spot.row < down.end &&
          spot.column >= across.start &&
          spot.column < across.end && (
            <i
              className="cursor"
              style={{
                left: (spot.column - across.start) * cell,
                top: (spot.row - down.start) * cell,
                width: cell,
                height: cell,
              }}
            />
          )}
      </div>
      <Pager
        label="rows"
        text={`${down.start}–${down.end - 1} of ${rows}`}
        page={down.page}
        pages={down.pages}
        onPage={(page) => setPlace({ ...place, row: page * Math.floor(HEIGHT / cell) })}
      />
      <Pager
        label="columns"
        text={`${across.start}–${across.end - 1} of ${columns}`}
        page={across.page}
        pages={across.pages}
        onPage={(page) => setPlace({ ...place, column: page * Math.floor(width / cell) })}
      />
    </>
  );
}
