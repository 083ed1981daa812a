// @vitest-environment node
import { expect, test } from "vitest";
import { apply } from "./apply";
import { copyNodes, pasteNodes } from "./clipboard";
import type { NetworkDoc } from "./document";
import { emptyDocument } from "./empty";

const document: NetworkDoc = {
  ...emptyDocument(),
  nodes: {
    x: { type: "Input", position: [0, 0] },
    conv1: { type: "Conv2d", inputs: { input: "x" }, position: [100, 200], attribute: "features.0" },
    relu1: { type: "ReLU", inputs: { input: "conv1" }, position: [100, 300] },
    conv2: { call: "conv1", inputs: { input: "relu1" } },
    flat: { type: "view", params: { shape: [{ $: "relu1.shape[0] + x.shape[0]" }, -1] }, inputs: { input: "relu1" } },
  },
};

function pasted(into: NetworkDoc, text: string, at: [number, number] | null = null) {
  const { command, nodes } = pasteNodes(into, null, text, at);
  return { document: apply(into, command), nodes };
}

test("pasted nodes have fresh names, wires among them follow, wires from outside stay", () => {
  const text = copyNodes(document, null, ["flat", "relu1", "conv1", "conv2"]);
  const after = pasted(document, text);
  expect(after.nodes).toEqual(["conv3", "relu2", "conv4", "flat1"]);
  const { nodes } = after.document;
  expect(nodes.conv3).toEqual({ type: "Conv2d", inputs: { input: "x" }, position: [132, 232] }); // two of one attribute would be one module
  expect(nodes.relu2!.inputs).toEqual({ input: "conv3" });
  expect(nodes.conv4).toEqual({ call: "conv3", inputs: { input: "relu2" } });
  expect(nodes.flat1!.params).toEqual({ shape: [{ $: "relu2.shape[0] + x.shape[0]" }, -1] });
  expect(nodes.conv1).toBe(document.nodes.conv1);
});

test("in another document wires without a source go, names stay where they are free", () => {
  const text = copyNodes(document, null, ["conv1", "relu1"]);
  const { document: after, nodes } = pasted(emptyDocument(), text, [10, 20]);
  expect(nodes).toEqual(["conv1", "relu1"]);
  expect(after.nodes.conv1).toEqual({ type: "Conv2d", position: [10, 20] });
  expect(after.nodes.relu1!.position).toEqual([10, 120]);
});

test("blocks come along, under a fresh name where another block has theirs", () => {
  const inner = { nodes: { y: { type: "ReLU" } } };
  const outer = { nodes: { i: { type: "Inner" } } };
  const source: NetworkDoc = {
    ...emptyDocument(),
    nodes: { a: { type: "Outer" } },
    blocks: { Unused: inner, Outer: outer, Inner: inner },
  };
  const text = copyNodes(source, null, ["a"]);
  expect(Object.keys(JSON.parse(text).blocks).sort()).toEqual(["Inner", "Outer"]);
  const { document: fresh } = pasted(emptyDocument(), text);
  expect(fresh.blocks).toEqual({ Outer: outer, Inner: inner });

  const other: NetworkDoc = { ...emptyDocument(), blocks: { Inner: { nodes: { z: { type: "Tanh" } } } } };
  const { document: both } = pasted(other, text);
  expect(both.blocks!.Inner).toBe(other.blocks!.Inner);
  expect(both.blocks!.Inner1).toEqual(inner);
  expect(both.blocks!.Outer!.nodes.i!.type).toBe("Inner1");
  expect(both.nodes.a!.type).toBe("Outer");
});

test("one paste is one command, and a text without nodes is refused", () => {
  const before = document;
  expect(Object.keys(pasted(before, copyNodes(document, null, ["x"])).document.nodes)).toContain("x1");
  expect(() => pasteNodes(document, null, "hello", null)).toThrow("no network document");
  expect(() => pasteNodes(document, null, '{"format": "torchwire/1"}', null)).toThrow("`nodes` must be an object");
});
