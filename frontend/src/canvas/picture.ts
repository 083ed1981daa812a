/**
 * The graph in hand as a picture: SVG written from the scene, never a copy of the page. The document is inside, so that
 * the picture opens again.
 */
import type { NodeAnswer } from "@/api/answer";
import type { NetworkDoc } from "@/document/document";
import { embedded, escaped } from "@/document/embedded";
import { familyColour } from "@/ui/families";
import type { PlaceMap } from "./room";
import { drawn, routeAll, sideLine } from "./routes";
import { valueText } from "./rows";
import type { NodeView, Scene, WireView } from "./scene";
import { FOOT, PORTS, ROW, ROWS_END, TITLE } from "./size";

export interface PictureParts {
  document: NetworkDoc;
  scene: Scene;
  places: PlaceMap;
  answer: (key: string) => NodeAnswer | undefined;
  /** What stands on a wire; null where nothing is known. */
  shape: (wire: WireView) => string | null;
  /** The value of a colour of the page, such as "var(--text)". */
  colour: (name: string) => string;
}

export interface Picture {
  svg: string;
  width: number;
  height: number;
}

const MARGIN = 32;
const UI = "Inter, system-ui, sans-serif";
const MONO = "'JetBrains Mono', ui-monospace, monospace";

/** Null for a graph without nodes. */
export function drawPicture(parts: PictureParts): Picture | null {
  const { scene, places, colour } = parts;
  const boxes = scene.nodes.flatMap((view) => {
    const at = places.get(view.key);
    return at ? [{ view, ...at }] : [];
  });
  if (boxes.length === 0) return null;
  const { routes } = routeAll(scene, places, null, null);
  const lines: string[] = [];
  const labels: string[] = [];
  const xs: number[] = [];
  for (const wire of drawn(scene)) {
    const route = routes.get(wire.id);
    if (!route) continue;
    const dash = wire.kind === "tie" ? ' stroke-dasharray="4 4"' : "";
    lines.push(`<path d="${route.path}" fill="none" stroke="${colour("var(--wire)")}" stroke-width="1.75"${dash}/>`);
    const shape = wire.kind === "wire" ? parts.shape(wire) : null;
    const half = ((shape?.length ?? 0) * 7 + 18) / 2;
    xs.push(route.label.x - half, route.label.x + half);
    if (shape !== null) labels.push(pill(route.label.x, route.label.y, half, shape, colour));
  }
  for (const wire of scene.wires.filter((one) => one.kind === "call" || one.kind === "size")) {
    const line = sideLine(wire, scene, places);
    if (!line) continue;
    lines.push(`<path d="${line.path}" fill="none" stroke="${colour("var(--control)")}" stroke-dasharray="3 4"/>`);
    xs.push(line.x);
  }
  const left = Math.min(...boxes.map(({ x }) => x), ...xs) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
  const width = Math.ceil(Math.max(...boxes.map(({ x, view }) => x + view.width), ...xs) + MARGIN - left);
  const height = Math.ceil(Math.max(...boxes.map(({ y, view }) => y + view.height)) + MARGIN - top);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}">`,
    embedded(parts.document),
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${colour("var(--canvas)")}"/>`,
    ...lines,
    ...labels,
    ...boxes.map(({ view, x, y }) => `<g transform="translate(${x} ${y})">${card(view, parts)}</g>`),
    "</svg>",
  ].join("\n");
  return { svg, width, height };
}

interface Style {
  size?: number;
  weight?: number;
  font?: string;
  anchor?: "end" | "middle";
  /** The width that it takes, whatever the font. */
  room?: number;
}

function text(x: number, y: number, words: string, fill: string, style: Style = {}): string {
  const { size = 13, weight = 400, font = UI, anchor, room } = style;
  const held = room === undefined ? "" : ` textLength="${room}" lengthAdjust="spacingAndGlyphs"`;
  const at = `${anchor ? ` text-anchor="${anchor}"` : ""}${held}`;
  const look = `font-family="${font}" font-size="${size}" font-weight="${weight}" fill="${fill}"`;
  return `<text x="${x}" y="${y}" ${look}${at}>${escaped(words)}</text>`;
}

function pill(x: number, y: number, half: number, words: string, colour: PictureParts["colour"]): string {
  const box = `x="${x - half}" y="${y - 10}" width="${2 * half}" height="20" rx="10"`;
  const look = `fill="${colour("var(--panel)")}" stroke="${colour("var(--line-strong)")}"`;
  return `<rect ${box} ${look}/>${text(x, y + 4, words, colour("var(--text)"), { size: 11.5, font: MONO, anchor: "middle" })}`;
}

/** As many letters as there is room for. */
function cut(words: string, room: number, letter: number): string {
  const most = Math.max(1, Math.floor(room / letter));
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`;
}

function card(view: NodeView, { answer, colour }: PictureParts): string {
  const { width, height } = view;
  const found = answer(view.key);
  const ink = colour("var(--text)");
  const muted = colour("var(--muted)");
  const line = colour("var(--line-strong)");
  const dashed = view.kind === "call" || view.node.when === false ? ' stroke-dasharray="4 3"' : "";
  const parts = [
    view.kind === "block"
      ? `<rect x="8" y="6" width="${width - 16}" height="${height}" rx="9" fill="${colour("var(--panel)")}" stroke="${line}"/>`
      : "",
    `<rect width="${width}" height="${height}" rx="11" fill="${colour("var(--panel)")}" stroke="${line}"${dashed}/>`,
  ];
  let y = 0;
  const portWords = (ports: NodeView["inputs"]) => {
    for (const port of ports.filter((one) => !one.extra)) {
      parts.push(text(port.place * width, y + 12, port.label, muted, { size: 10.5, font: MONO, anchor: "middle" }));
    }
    y += PORTS;
  };
  if (view.labelled.in) portWords(view.inputs);
  const repeat = view.node.repeat === undefined ? "" : ` ×${valueText(view.node.repeat)}`;
  const type = cut(`${view.type}${view.text.inline === null ? "" : ` ${view.text.inline}`}${repeat}`, width - 80, 6.7);
  const name = cut(view.key, width - 48 - type.length * 6.7, 7.4);
  // Another font than the page's may be wider: where the two nearly meet, both are held to their room.
  const tight = name.length * 8.8 + type.length * 7.6 > width - 50;
  const room = Math.floor(type.length * 6.4);
  parts.push(
    `<rect x="11" y="${y + 13}" width="8" height="8" rx="3" fill="${colour(familyColour(view.family))}"/>`,
    text(27, y + 21, name, ink, { weight: 600, room: tight ? width - 50 - room : undefined }),
    text(width - 11, y + 21, type, muted, { size: 12, anchor: "end", room: tight ? room : undefined }),
  );
  y += TITLE;
  for (const row of view.text.rows) {
    const inferred = found?.inferred[row.name];
    const value = row.value ?? (inferred === undefined ? "from the wire" : valueText(inferred));
    const words = cut(`${row.name} ${value}`, width - 22, 6.9);
    parts.push(
      text(11, y + 10, words, row.value === null ? colour("var(--accent-text)") : muted, { size: 11.5, font: MONO }),
    );
    y += ROW;
  }
  if (view.text.more > 0) {
    parts.push(text(11, y + 10, `${view.text.more} more`, muted, { size: 11.5 }));
    y += ROW;
  }
  if (view.text.rows.length > 0) y += ROWS_END;
  if (view.count) {
    const count = found?.parameter_count;
    parts.push(
      `<path d="M0 ${y}H${width}" stroke="${colour("var(--line)")}"/>`,
      text(11, y + 17, "parameters", muted, { size: 11.5 }),
      text(width - 11, y + 17, count == null ? "unknown" : count.toLocaleString("en-US"), muted, {
        size: 11.5,
        anchor: "end",
      }),
    );
    y += FOOT;
  }
  if (view.labelled.out) portWords(view.outputs);
  for (const port of [...view.inputs, ...view.outputs].filter((one) => !one.extra)) {
    const end = port.side === "in" ? 0 : height;
    parts.push(
      `<circle cx="${port.place * width}" cy="${end}" r="4" fill="${colour("var(--panel)")}" stroke="${colour("var(--control)")}" stroke-width="1.75"/>`,
    );
  }
  return parts.join("");
}
