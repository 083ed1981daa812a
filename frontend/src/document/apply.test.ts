// @vitest-environment node
import { describe, expect, test } from "vitest";
import { apply } from "./apply";
import type { Command } from "./command";
import type { NetworkDoc, NodeDoc } from "./document";
import { emptyDocument } from "./empty";
import { Refusal } from "./refusal";

function documentOf(nodes: Record<string, NodeDoc>, blocks: NetworkDoc["blocks"] = {}): NetworkDoc {
  return { ...emptyDocument(), nodes, blocks };
}

const chain = documentOf({
  x: { type: "Input", params: { shape: [2, 1, 28, 28] } },
  conv: { type: "Conv2d", params: { out_channels: 6, kernel_size: 5 }, inputs: { input: "x" } },
  relu: { type: "ReLU", inputs: { input: "conv" } },
  both: { type: "cat", params: { dim: 1 }, inputs: { tensors: ["relu", "conv.output"] } },
  flat: { type: "view", params: { shape: [{ $: "both.shape[0]" }, -1] }, inputs: { input: "both" } },
});

function nodesAfter(document: NetworkDoc, command: Command) {
  return apply(document, command).nodes;
}

describe("add", () => {
  test("puts nodes behind another, or at the end, and wires them", () => {
    const command: Command = {
      kind: "add",
      graph: null,
      nodes: { bn: { type: "BatchNorm2d", inputs: { input: "conv" } } },
      after: "conv",
      wires: [{ from: "bn", to: { node: "relu", port: "input" } }],
    };
    const nodes = nodesAfter(chain, command);
    expect(Object.keys(nodes)).toEqual(["x", "conv", "bn", "relu", "both", "flat"]);
    expect(nodes.relu!.inputs).toEqual({ input: "bn" });
    expect(nodes.x).toBe(chain.nodes.x); // shared, so that it does not render
  });

  test("refuses a name that is taken or not allowed, and says why", () => {
    const named = (key: string): Command => ({ kind: "add", graph: null, nodes: { [key]: { type: "ReLU" } } });
    expect(() => apply(chain, named("conv"))).toThrow("there is a node conv already");
    expect(() => apply(chain, named("forward"))).toThrow("forward is an attribute of nn.Module");
    expect(() => apply(chain, { kind: "add", graph: "Nope", nodes: {} })).toThrow(Refusal);
  });
});

describe("remove", () => {
  test("takes every wire and size along", () => {
    const nodes = nodesAfter(chain, { kind: "remove", graph: null, nodes: ["relu"] });
    expect(nodes.both!.inputs).toEqual({ tensors: ["conv.output"] });
    const none = nodesAfter(chain, { kind: "remove", graph: null, nodes: ["both"] });
    expect(none.flat).toEqual({ type: "view" });
  });

  test("heals: readers read what flowed into the removed nodes", () => {
    const nodes = nodesAfter(chain, { kind: "remove", graph: null, nodes: ["conv", "relu"], heal: true });
    expect(nodes.both!.inputs).toEqual({ tensors: ["x", "x"] });
    const sized = nodesAfter(chain, { kind: "remove", graph: null, nodes: ["both"], heal: true });
    expect(sized.flat).toEqual({
      type: "view",
      params: { shape: [{ $: "relu.shape[0]" }, -1] },
      inputs: { input: "relu" },
    });
  });

  test("does not pass another output than the first on", () => {
    const document = documentOf({
      x: { type: "Input" },
      lstm: { type: "LSTM", inputs: { input: "x" } },
      last: { type: "ReLU", inputs: { input: "lstm.h_n" } },
      all: { type: "ReLU", inputs: { input: "lstm.output" } },
    });
    const nodes = nodesAfter(document, { kind: "remove", graph: null, nodes: ["lstm"], heal: true });
    expect(nodes.last).toEqual({ type: "ReLU" });
    expect(nodes.all!.inputs).toEqual({ input: "x" });
  });

  test("hands a shared module on to the first node that calls it", () => {
    const document = documentOf({
      x: { type: "Input" },
      pool: { type: "MaxPool2d", params: { kernel_size: 2 }, inputs: { input: "x" }, init: { weight: [1] } },
      pool2: { call: "pool", inputs: { input: "pool" } },
      pool3: { call: "pool", inputs: { input: "pool2" } },
    });
    const nodes = nodesAfter(document, { kind: "remove", graph: null, nodes: ["pool"], heal: true });
    expect(nodes.pool2).toEqual({
      type: "MaxPool2d",
      params: { kernel_size: 2 },
      init: { weight: [1] },
      inputs: { input: "x" },
    });
    expect(nodes.pool3).toEqual({ call: "pool2", inputs: { input: "pool2" } });
  });
});

describe("rename", () => {
  test("keeps the place; wires, sizes, calls and ties follow", () => {
    const document = documentOf({
      a: { type: "Linear", params: { out_features: 3 } },
      b: { call: "a", inputs: { input: "a" } },
      ab: { type: "Linear", inputs: { input: "ab_", weight: "a.weight" } },
      c: { type: "view", params: { shape: [{ $: "a.shape[0] * ab.shape[1] + aa.shape[2]" }] }, inputs: { input: "a" } },
    });
    const nodes = nodesAfter(document, { kind: "rename", graph: null, node: "a", name: "fc" });
    expect(Object.keys(nodes)).toEqual(["fc", "b", "ab", "c"]);
    expect(nodes.b).toEqual({ call: "fc", inputs: { input: "fc" } });
    expect(nodes.ab!.inputs).toEqual({ input: "ab_", weight: "fc.weight" });
    expect(nodes.c!.params).toEqual({ shape: [{ $: "fc.shape[0] * ab.shape[1] + aa.shape[2]" }] });
  });

  test("in a block, the ports of every use follow", () => {
    const block = {
      nodes: {
        x: { type: "Input" },
        fc: { type: "Linear", inputs: { input: "x" } },
        y: { type: "Output", inputs: { value: "fc" } },
      },
    };
    const outer = {
      nodes: {
        in1: { type: "Input" },
        inner: { type: "B", inputs: { x: "in1" } },
        z: { type: "ReLU", inputs: { input: "inner.y" } },
      },
    };
    const document = documentOf(
      {
        a: { type: "B", inputs: { x: "data" } },
        again: { call: "a", inputs: { x: "a.y" } },
        tied: { type: "Linear", inputs: { weight: "a.fc.weight" } },
        o: { type: "Outer", inputs: { in1: "a" } },
        deep: { type: "Linear", inputs: { weight: "o.inner.fc.weight" } },
        data: { type: "Input" },
      },
      { B: block, Outer: outer },
    );
    const names = [
      ["x", "image"],
      ["y", "score"],
      ["fc", "head"],
    ] as const;
    const renamed = names.reduce(
      (now, [node, name]) => apply(now, { kind: "rename", graph: "B", node, name }),
      document,
    );
    expect(renamed.nodes.a!.inputs).toEqual({ image: "data" });
    expect(renamed.nodes.again!.inputs).toEqual({ image: "a.score" });
    expect(renamed.nodes.tied!.inputs).toEqual({ weight: "a.head.weight" });
    expect(renamed.nodes.deep!.inputs).toEqual({ weight: "o.inner.head.weight" });
    expect(renamed.blocks!.Outer!.nodes.z!.inputs).toEqual({ input: "inner.score" });
  });
});

describe("wires", () => {
  test("a new wire takes the place of the old, in a list it is appended or put at its index", () => {
    const wire = (node: string, port: string, index?: number) => ({ from: "x", to: { node, port, index } });
    const one = nodesAfter(chain, { kind: "connect", graph: null, wire: wire("relu", "input") });
    expect(one.relu!.inputs).toEqual({ input: "x" });
    const more = nodesAfter(chain, { kind: "connect", graph: null, wire: wire("both", "tensors"), many: true });
    expect(more.both!.inputs).toEqual({ tensors: ["relu", "conv.output", "x"] });
    const put = nodesAfter(chain, { kind: "connect", graph: null, wire: wire("both", "tensors", 0), many: true });
    expect(put.both!.inputs).toEqual({ tensors: ["x", "conv.output"] });
  });

  test("disconnecting the last wire leaves nothing behind", () => {
    const relu = nodesAfter(chain, { kind: "disconnect", graph: null, to: { node: "relu", port: "input" } }).relu;
    expect(relu).toEqual({ type: "ReLU" });
    const both = nodesAfter(chain, {
      kind: "disconnect",
      graph: null,
      to: { node: "both", port: "tensors", index: 0 },
    });
    expect(both.both!.inputs).toEqual({ tensors: ["conv.output"] });
  });

  test("an inserted node reads what the wire carried and stands behind its source", () => {
    const nodes = nodesAfter(chain, {
      kind: "insert",
      graph: null,
      key: "drop",
      node: { type: "Dropout" },
      port: "input",
      on: { node: "both", port: "tensors", index: 1 },
    });
    expect(Object.keys(nodes)).toEqual(["x", "conv", "drop", "relu", "both", "flat"]);
    expect(nodes.drop!.inputs).toEqual({ input: "conv.output" });
    expect(nodes.both!.inputs).toEqual({ tensors: ["relu", "drop"] });
  });
});

describe("parameters, fields, batch, blocks", () => {
  test("a parameter is set at its place and taken away", () => {
    const set = apply(chain, { kind: "param", graph: null, node: "conv", name: "out_channels", value: 8 });
    expect(Object.entries(set.nodes.conv!.params!)).toEqual([
      ["out_channels", 8],
      ["kernel_size", 5],
    ]);
    const gone = apply(chain, { kind: "param", graph: null, node: "both", name: "dim", value: undefined });
    expect(gone.nodes.both).not.toHaveProperty("params");
  });

  test("what changes nothing is the same document", () => {
    const nothing: Command[] = [
      { kind: "param", graph: null, node: "conv", name: "out_channels", value: 6 },
      { kind: "param", graph: null, node: "conv", name: "bias", value: undefined },
      { kind: "field", graph: null, node: "conv", field: "note", value: undefined },
      { kind: "move", graph: null, positions: {} },
      { kind: "connect", graph: null, wire: { from: "x", to: { node: "conv", port: "input" } } },
      { kind: "head", field: "training", value: false },
      { kind: "batch", size: 2 },
      { kind: "remove", graph: null, nodes: [] },
      { kind: "replace", document: structuredClone(chain) },
      { kind: "sequence", commands: [] },
    ];
    for (const command of nothing) expect(apply(chain, command), command.kind).toBe(chain);
  });

  test("a key that JavaScript treats apart is a key like others", () => {
    const loaded = { ...chain, nodes: JSON.parse('{"__proto__": {"type": "ReLU"}, "constructor": {"type": "ReLU"}}') };
    const renamed = apply(loaded, { kind: "rename", graph: null, node: "__proto__", name: "proto" });
    expect(Object.keys(renamed.nodes)).toEqual(["proto", "constructor"]);
    const param = apply(loaded, { kind: "param", graph: null, node: "constructor", name: "__proto__", value: 1 });
    expect(JSON.stringify(param.nodes.constructor)).toBe('{"type":"ReLU","params":{"__proto__":1}}');
    expect(() => apply(chain, { kind: "rename", graph: null, node: "toString", name: "a" })).toThrow(
      "There is no node toString.",
    );
  });

  test("the batch is the first size of the document's Inputs, those with typed values left alone", () => {
    const typed = documentOf({
      ...chain.nodes,
      given: { type: "Input", params: { shape: [1, 4], fill: "values", values: [[1, 2, 3, 4]] } },
    });
    const nodes = nodesAfter(typed, { kind: "batch", size: 16 });
    expect(nodes.x!.params!.shape).toEqual([16, 1, 28, 28]);
    expect(nodes.given!.params!.shape).toEqual([1, 4]);
  });

  test("a block's new name reaches its uses in every graph", () => {
    const document = documentOf(
      { a: { type: "B" } },
      { B: { nodes: {} }, C: { nodes: { inner: { type: "B" }, other: { type: "ReLU" } } } },
    );
    const renamed = apply(document, { kind: "rename-block", block: "B", name: "Stage" });
    expect(Object.keys(renamed.blocks!)).toEqual(["Stage", "C"]);
    expect(renamed.nodes.a!.type).toBe("Stage");
    expect(renamed.blocks!.C!.nodes.inner!.type).toBe("Stage");
    expect(() => apply(document, { kind: "rename-block", block: "B", name: "C" })).toThrow(
      "there is a block C already",
    );
  });

  test("a graph's own field is set and taken away", () => {
    const set = apply(chain, { kind: "graph", graph: null, field: "params", value: { width: 3 } });
    expect(set.params).toEqual({ width: 3 });
    expect(apply(set, { kind: "graph", graph: null, field: "params", value: undefined })).not.toHaveProperty("params");
  });
});
