/** All maps of a tensor beside each other, page by page. */
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { gridOf, layoutOf, pageOf, probe } from "../tensor/planes";
import { drawGrid } from "./draw";
import { Pager } from "./Pager";
import { ARROWS, type DrawnProps, HEIGHT } from "./spot";

export function MapGrid({
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
