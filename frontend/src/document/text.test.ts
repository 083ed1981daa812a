// @vitest-environment node
import { expect, test } from "vitest";
import { apply } from "./apply";
import { withoutLooks } from "./looks";
import { parseDocument } from "./read";
import { networks } from "./testing/networks";
import { engineText, fileText } from "./text";

test("the engine's text is the document without its looks, in the same order", () => {
  for (const [name, document] of networks()) {
    const read = JSON.parse(engineText(document));
    expect(read, name).toEqual(withoutLooks(document));
    expect(Object.keys(read.nodes)).toEqual(Object.keys(document.nodes));
    expect(parseDocument(fileText(document))).toEqual(document);
  }
});

test("it is the same while only the canvas changes, and another when the engine sees a change", () => {
  const [[, document]] = networks() as [[string, import("./document").NetworkDoc]];
  const node = Object.keys(document.nodes)[1]!;
  const moved = apply(document, { kind: "move", graph: null, positions: { [node]: [1, 2] } });
  const noted = apply(moved, { kind: "field", graph: null, node, field: "note", value: "look" });
  const coloured = apply(noted, { kind: "field", graph: null, node, field: "color", value: "red" });
  expect(engineText(coloured)).toBe(engineText(document));
  const set = apply(coloured, { kind: "param", graph: null, node, name: "bias", value: "changed" });
  expect(engineText(set)).not.toBe(engineText(document));
});

test("what is no document is refused, and says why", () => {
  const refused: [string, string][] = [
    ["{", "This is not JSON"],
    ["[]", "it is not a JSON object"],
    ['{"format": "torchwire/9", "nodes": {}}', 'Its format is "torchwire/9"'],
    ['{"format": "torchwire/1", "nodes": []}', "has no object `nodes`"],
    ['{"format": "torchwire/1", "nodes": {"a": 1}}', "node a must be an object"],
    ['{"format": "torchwire/1", "nodes": {}, "blocks": {"B": {}}}', "Block B has no object `nodes`"],
  ];
  for (const [text, message] of refused) expect(() => parseDocument(text)).toThrow(message);
  const request = '{"network": {"format": "torchwire/1", "nodes": {"a": {"type": "Nope", "inputs": {"b": "gone"}}}}}';
  expect(parseDocument(request).nodes.a).toEqual({ type: "Nope", inputs: { b: "gone" } });
});
