/** Maps of values as pixels. */
import type { Grid, Layout, Page } from "../tensor/planes";
import { mapOffset } from "../tensor/planes";
import { at, elements, type Tensor } from "../tensor/tensor";

/** A map has at most so many pixels to a side; of a larger one every second, third, ... value is drawn. */
const SIDE = 1024;

export interface Window {
  row: number;
  column: number;
  rows: number;
  columns: number;
}

/** One pixel a value of the part of a map that `window` shows; cells beyond the end of a broken vector stay clear. */
export function plane(
  tensor: Tensor,
  layout: Layout,
  offset: number,
  window: Window,
  paint: (value: number) => number,
): ImageData {
  const skip = Math.max(1, Math.ceil(Math.max(window.rows, window.columns) / SIDE));
  const rows = Math.ceil(window.rows / skip);
  const columns = Math.ceil(window.columns / skip);
  const image = new ImageData(Math.max(1, columns), Math.max(1, rows));
  const pixels = new Uint32Array(image.data.buffer);
  const end = elements(tensor.shape);
  for (let row = 0; row < rows; row++) {
    const start = offset + (window.row + row * skip) * layout.columns + window.column;
    for (let column = 0; column < columns; column++) {
      const position = start + column * skip;
      if (position < end) pixels[row * columns + column] = paint(at(tensor, position));
    }
  }
  return image;
}

const scratch = (): HTMLCanvasElement => document.createElement("canvas");

function put(
  context: CanvasRenderingContext2D,
  image: ImageData,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const buffer = scratch();
  buffer.width = image.width;
  buffer.height = image.height;
  buffer.getContext("2d")!.putImageData(image, 0, 0);
  // Cells stay cells when they are enlarged; what is made smaller is averaged.
  context.imageSmoothingEnabled = image.width > width || image.height > height;
  context.drawImage(buffer, x, y, width, height);
}

function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** A page of maps beside and below each other. */
export function drawGrid(
  canvas: HTMLCanvasElement,
  tensor: Tensor,
  layout: Layout,
  chosen: readonly number[],
  grid: Grid,
  page: Page,
  paint: (value: number) => number,
): void {
  const count = page.end - page.start;
  const down = Math.max(1, Math.ceil(count / grid.across));
  const width = grid.across * (grid.width + grid.gap) - grid.gap;
  const context = prepared(canvas, width, down * (grid.height + grid.gap) - grid.gap);
  const whole = { row: 0, column: 0, rows: layout.rows, columns: layout.columns };
  for (let place = 0; place < count; place++) {
    const image = plane(tensor, layout, mapOffset(tensor.shape, layout, chosen, page.start + place), whole, paint);
    const x = (place % grid.across) * (grid.width + grid.gap);
    const y = Math.floor(place / grid.across) * (grid.height + grid.gap);
    put(context, image, x, y, grid.width, grid.height);
  }
}

/** A part of one map, `cell` pixels a value. */
export function drawWindow(
  canvas: HTMLCanvasElement,
  tensor: Tensor,
  layout: Layout,
  offset: number,
  window: Window,
  cell: number,
  paint: (value: number) => number,
): void {
  const width = Math.max(1, window.columns * cell);
  const height = Math.max(1, window.rows * cell);
  const context = prepared(canvas, width, height);
  put(context, plane(tensor, layout, offset, window, paint), 0, 0, width, height);
}
