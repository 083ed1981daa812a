// @vitest-environment node
import { expect, test } from "vitest";
import type { LayerType } from "@/api/answer";
import recorded from "@/api/recorded/layers.json";
import type { NetworkDoc } from "@/document/document";
import { emptyDocument } from "@/document/empty";
import { newNode } from "@/document/starter";
import { catalogueOf, createCatalogue, paramsFor, portsOf } from "./catalogue";
import { searchTypes } from "./search";
import { FakeServer, settled } from "./testing/server";

const layers = recorded.layers as unknown as LayerType[];
const catalogue = catalogueOf(layers);

const document: NetworkDoc = {
  ...emptyDocument(),
  nodes: {
    pool: { type: "MaxPool2d", params: { kernel_size: 2 } },
    indexed: { type: "MaxPool2d", params: { return_indices: true } },
    again: { call: "indexed" },
    attn: { type: "MultiheadAttention" },
    slim: { type: "MultiheadAttention", params: { need_weights: false } },
    lazy: { type: "LazyConv2d" },
    plus: { type: "add", params: { other: 1 } },
    parts: { type: "chunk" },
    out: { type: "Output" },
    use: { type: "Body" },
    used: { call: "use" },
    linear: { type: "Linear" },
    unknown: { type: "Nope" },
    lost: { call: "gone" },
  },
  blocks: {
    Body: {
      params: { width: 8, bias: true },
      nodes: { x: { type: "Input" }, mask: { type: "Input", when: { $: "masked" } }, y: { type: "Output" } },
    },
    Linear: { nodes: { only: { type: "Input" } } },
  },
};

const ports = (key: string) => portsOf(catalogue, document, null, key);

test("outputs follow the parameters that they depend on, defaults counted", () => {
  expect(ports("pool")!.outputs).toEqual(["output"]);
  expect(ports("indexed")!.outputs).toEqual(["output", "indices"]);
  expect(ports("again")!.outputs).toEqual(["output", "indices"]);
  expect(ports("attn")!.outputs).toEqual(["attn_output", "attn_output_weights"]);
  expect(ports("slim")!.outputs).toEqual(["attn_output"]);
  expect(ports("out")!.outputs).toEqual([]);
  expect(ports("parts")).toMatchObject({ outputs: [], numbered: true });
});

test("inputs: a number in params stands for a wire, blocks have their Inputs, Lazy is an alias", () => {
  expect(ports("plus")!.inputs.map(({ name, optional }) => [name, optional])).toEqual([
    ["input", false],
    ["other", true],
  ]);
  expect(ports("use")).toMatchObject({
    inputs: [
      { name: "x", optional: false },
      { name: "mask", optional: true },
    ],
    outputs: ["y"],
  });
  expect(ports("used")).toEqual(ports("use"));
  expect(ports("lazy")!.inputs.map(({ name }) => name)).toEqual(["input"]);
  expect(ports("linear")!.inputs.map(({ name }) => name)).toEqual(["only"]); // a block wins over a type of torch
  expect(ports("unknown")).toBeNull();
  expect(ports("lost")).toBeNull();
});

test("a call has the keywords of forward only, a block its own parameters", () => {
  const names = (key: string) => paramsFor(catalogue, document, null, key).map(({ name }) => name);
  expect(names("attn")).toContain("num_heads");
  const called = { ...document, nodes: { ...document.nodes, more: { call: "attn" } } };
  const keywords = paramsFor(catalogue, called, null, "more").map(({ name }) => name);
  expect(keywords).toContain("need_weights");
  expect(keywords).not.toContain("num_heads");
  expect(paramsFor(catalogue, document, null, "use").map(({ name, kind }) => [name, kind])).toEqual([
    ["width", "number"],
    ["bias", "bool"],
  ]);
  expect(names("used")).toEqual([]);
});

test("a search finds what people call things", () => {
  const named = { ...document, blocks: { Body: document.blocks!.Body! } };
  const best = (query: string) => searchTypes(catalogue, named, query).map(({ type }) => type);
  expect(best("fc")[0]).toBe("Linear");
  expect(best("dense")[0]).toBe("Linear");
  expect(best("conv2d")[0]).toBe("Conv2d");
  expect(best("conv")[0]).toBe("Conv1d");
  expect(best("cnv2")[0]).toBe("Conv2d");
  expect(best("mha")[0]).toBe("MultiheadAttention");
  expect(best("+")[0]).toBe("add");
  expect(best("relu").slice(0, 2).sort()).toEqual(["ReLU", "relu"]);
  expect(best("body")[0]).toBe("Body");
  expect(best("lstm")[0]).toBe("LSTM");
  expect(best("concat")[0]).toBe("cat");
  expect(best("loss")).toContain("MSELoss");
  expect(best("remembers over time")).toEqual(["LSTM"]);
  expect(best("qqqq")).toEqual([]);
  expect(best("").length).toBe(layers.length + 1);
  // A block hides torch's type of its name.
  expect(searchTypes(catalogue, document, "Linear").filter(({ type }) => type === "Linear")).toMatchObject([
    { family: "Blocks" },
  ]);
});

test("a new node has what torch requires and the wire does not decide", () => {
  const start = (type: string) => newNode(catalogue.layers.get(type)!);
  expect(start("Conv2d")).toEqual({ type: "Conv2d", params: { out_channels: 16, kernel_size: 3 } });
  expect(start("MaxPool2d")).toEqual({ type: "MaxPool2d", params: { kernel_size: 2 } });
  expect(start("Linear")).toEqual({ type: "Linear", params: { out_features: 10 } });
  expect(start("ReLU")).toEqual({ type: "ReLU" });
  expect(start("Input").params!.shape).toEqual([1, 1, 28, 28]);
  for (const layer of layers) {
    const node = newNode(layer);
    const missing = layer.params.filter(
      ({ name, required, inferred }) => required && !inferred && !node.params?.[name],
    );
    // add's numbers stand on ports that wires fill.
    expect(
      missing.filter(({ name }) => !layer.inputs.some((port) => port.name === name)),
      layer.type,
    ).toEqual([]);
  }
});

test("asks for the catalogue until the server answers", async () => {
  const server = new FakeServer();
  const store = createCatalogue(server.client);
  const stop = store.start();
  await server.asked[0]!.fail();
  expect(store.store.getState().ready).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 550));
  await server.asked[1]!.answer({ layers });
  await settled();
  expect(store.store.getState().ready).toBe(true);
  expect(store.store.getState().families).toContain("Convolution");
  stop();
});
