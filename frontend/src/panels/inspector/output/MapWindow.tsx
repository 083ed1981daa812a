/** A part of one map, enlarged. */
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "@/ui/Button";
import { layoutOf, mapOffset, pageOf } from "../tensor/planes";
import { drawWindow } from "./draw";
import { Pager } from "./Pager";
import { ARROWS, type DrawnProps, HEIGHT } from "./spot";

const CELLS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

export function MapWindow({
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
