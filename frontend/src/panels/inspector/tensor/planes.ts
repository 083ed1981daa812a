/**
 * How a tensor of any rank is laid out on paper: the last two dimensions are rows and columns of a map, the one before counts the
 * maps, those before it are chosen. A vector is one row, broken into lines. Dimensions of size 1 take no part: (5, 1, 6) is a 5x6 map.
 */
import { elements } from "./tensor";

export interface Layout {
  /** Dimensions of another size than 1. */
  rank: number;
  /** Dimensions with a chooser, outermost first. */
  chosen: number[];
  /** Dimensions whose combinations are the maps of the grid, outermost first. */
  maps: number[];
  mapCount: number;
  rows: number;
  columns: number;
  /** Whether rows are lines of one long row. */
  broken: boolean;
}

/** Cells to a line of a vector that is longer. */
export const LINE = 32;

/** The layout of a shape. With `together` (weights: kernels by output and input) all leading dimensions are maps. */
export function layoutOf(shape: readonly number[], together = false): Layout {
  const dims = shape.map((_, dim) => dim).filter((dim) => shape[dim] !== 1);
  const rank = dims.length;
  if (rank <= 1) {
    const size = shape[dims[0] ?? 0] ?? 1;
    const columns = Math.min(size, LINE);
    const rows = columns === 0 ? 0 : Math.ceil(size / columns);
    return { rank, chosen: [], maps: [], mapCount: 1, rows, columns, broken: true };
  }
  const leading = dims.slice(0, -2);
  const maps = together ? leading : leading.slice(-1);
  return {
    rank,
    chosen: together ? [] : leading.slice(0, -1),
    maps,
    mapCount: elements(maps.map((dim) => shape[dim]!)),
    rows: shape[dims[rank - 2]!]!,
    columns: shape[dims[rank - 1]!]!,
    broken: false,
  };
}

/** The position in row-major order of a map's first value, for the chosen indices. */
export function mapOffset(shape: readonly number[], layout: Layout, chosen: readonly number[], map: number): number {
  const index = shape.map(() => 0);
  layout.chosen.forEach((dim, place) => {
    index[dim] = Math.min(chosen[place] ?? 0, Math.max(0, shape[dim]! - 1));
  });
  let rest = map;
  for (const dim of [...layout.maps].reverse()) {
    index[dim] = rest % shape[dim]!;
    rest = Math.floor(rest / shape[dim]!);
  }
  return index.reduce((position, place, dim) => position * shape[dim]! + place, 0);
}

export interface Page {
  start: number;
  end: number;
  page: number;
  pages: number;
}

/** Part `page` of `count` things, `size` at a time. A page beyond the last is the last. */
export function pageOf(count: number, size: number, page: number): Page {
  const each = Math.max(1, size);
  const pages = Math.max(1, Math.ceil(count / each));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { start: at * each, end: Math.min(count, (at + 1) * each), page: at, pages };
}

export interface Grid {
  /** Maps beside each other. */
  across: number;
  /** Pixels of a map's sides. */
  width: number;
  height: number;
  gap: number;
  /** Maps that fit on one page. */
  perPage: number;
}

/** How maps of rows x columns share a canvas: as many beside each other as stay readable, at most about `height` pixels. */
export function gridOf(rows: number, columns: number, count: number, width: number, height: number): Grid {
  const gap = 6;
  const least = Math.min(96, Math.max(28, columns * 3));
  const fit = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const across = Math.max(1, Math.min(fit, count, count <= 4 ? Math.max(2, Math.min(count, 3)) : 6));
  const side = Math.floor((width - gap * (across - 1)) / across);
  const tall = Math.max(4, Math.min(side * 2, Math.round((side * rows) / Math.max(1, columns))));
  const down = Math.max(1, Math.floor((height + gap) / (tall + gap)));
  return { across, width: side, height: tall, gap, perPage: across * down };
}

/** Which value is under a point of a grid's canvas; null in the gaps. */
export function probe(
  grid: Grid,
  layout: Pick<Layout, "rows" | "columns">,
  shown: Page,
  x: number,
  y: number,
): { map: number; row: number; column: number } | null {
  const across = Math.floor(x / (grid.width + grid.gap));
  const down = Math.floor(y / (grid.height + grid.gap));
  const left = x - across * (grid.width + grid.gap);
  const top = y - down * (grid.height + grid.gap);
  const map = shown.start + down * grid.across + across;
  if (across >= grid.across || left >= grid.width || top >= grid.height || map >= shown.end || x < 0 || y < 0)
    return null;
  return {
    map,
    row: Math.floor((top / grid.height) * layout.rows),
    column: Math.floor((left / grid.width) * layout.columns),
  };
}
