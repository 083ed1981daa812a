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
    ['{"format": "torchwire/9", "nodes": {}}', '`format` must be "torchwire/1", not "torchwire/9"'],
    ['{"format": "torchwire/1", "nodes": []}', "`nodes` must be an object of nodes by name."],
    ['{"format": "torchwire/1", "nodes": {"a": 1}}', "Every node must be an object."],
    ['{"format": "torchwire/1", "nodes": {}, "blocks": {"B": {}}}', "`nodes` must be an object of nodes by name."],
  ];
  for (const [text, message] of refused) expect(() => parseDocument(text)).toThrow(message);
  const request = '{"network": {"format": "torchwire/1", "nodes": {"a": {"type": "Nope", "inputs": {"b": "gone"}}}}}';
  expect(parseDocument(request).nodes.a).toEqual({ type: "Nope", inputs: { b: "gone" } });
});

test("blocks of the wrong kind are taken, sent as they are, and replaced by the first block that is made", () => {
  for (const blocks of [[], "A", 3, { A: 3 }, { A: null }]) {
    const text = JSON.stringify({ format: "torchwire/1", nodes: { a: { type: "A" } }, blocks });
    const document = parseDocument(text);
    expect(JSON.parse(engineText(document)).blocks).toEqual(blocks);
    const renamed = apply(document, { kind: "rename", graph: null, node: "a", name: "b" });
    expect(renamed.blocks).toEqual(blocks);
    const block = { nodes: {} };
    expect(apply(renamed, { kind: "block", name: "A", block }).blocks).toEqual({ A: block });
  }
});
