import { expect, test } from "vitest";
import type { NetworkDoc } from "@/document/document";
import { parseDocument } from "@/document/read";
import { types } from "@/workspace/testing";
import { drawPicture } from "./picture";
import type { Point } from "./route";
import { makeScene } from "./scene";

const document: NetworkDoc = {
  format: "torchwire/1",
  name: 'A <net> & "more"',
  nodes: {
    x: { type: "Input" },
    lstm: { type: "LSTM", params: { hidden_size: 8 }, inputs: { input: "x" } },
    sum: { type: "add", inputs: { input: "lstm", other: "lstm.h_n" } },
    view: { type: "view", params: { shape: [{ $: "x.shape[0]" }, -1] }, inputs: { input: "sum" } },
  },
};
const scene = makeScene(document, null, types, () => [], null);
const places = new Map(scene.nodes.map(({ key }, n): [string, Point] => [key, { x: 10, y: 160 * n }]));
const picture = drawPicture({
  document,
  scene,
  places,
  answer: () => undefined,
  shape: (wire) => (wire.from.node === "x" ? "2, 4" : null),
  colour: (name) => name.replace("var(--", "c-").replace(")", ""),
})!;
const drawing = new DOMParser().parseFromString(picture.svg, "image/svg+xml");

test("a picture is well-formed and says what the canvas says: names, types, settings, wires, shapes", () => {
  expect(drawing.querySelector("parsererror")).toBeNull();
  const words = [...drawing.querySelectorAll("text")].map((text) => text.textContent);
  for (const word of ["x", "lstm", "sum", "Input", "LSTM", "hidden_size 8", "2, 4", "h_n", "parameters"]) {
    expect(words).toContain(word);
  }
  expect(drawing.querySelectorAll("path[fill=none]")).toHaveLength(5);
  expect(drawing.querySelectorAll("path[stroke=c-control]")).toHaveLength(1); // the size that is read
});

test("everything is inside of it", () => {
  const [left, top, width, height] = drawing.documentElement.getAttribute("viewBox")!.split(" ").map(Number) as [
    number,
    number,
    number,
    number,
  ];
  expect([width, height]).toEqual([picture.width, picture.height]);
  for (const view of scene.nodes) {
    const { x, y } = places.get(view.key)!;
    expect(x >= left && y >= top && x + view.width <= left + width && y + view.height <= top + height).toBe(true);
  }
});

test("it opens again as the same document; another picture does not", () => {
  expect(parseDocument(picture.svg)).toEqual(document);
  expect(() => parseDocument("<svg></svg>")).toThrow("This is not JSON");
});

test("without nodes there is none", () => {
  const empty = makeScene({ format: "torchwire/1", nodes: {} }, null, types, () => [], null);
  const none = { document, scene: empty, places, answer: () => undefined, shape: () => null, colour: String };
  expect(drawPicture(none)).toBeNull();
});
