// @vitest-environment node
import { describe, expect, test } from "vitest";
import { apply } from "./apply";
import { type GraphName, graphOf, type NetworkDoc, typeName } from "./document";
import { encloseNodes } from "./enclose";
import type { PortsOf } from "./ports";
import { Refusal } from "./refusal";
import { networks } from "./testing/networks";
import { Random } from "./testing/random";
import { unpackBlock } from "./unpack";

const OUTPUTS = ["output", "h_n", "c_n", "attn_output", "attn_output_weights", "values", "indices"];

function portsIn(document: NetworkDoc): PortsOf {
  return (name, key) => {
    const type = typeName(graphOf(document, name)!.nodes[key] ?? {});
    if (type === undefined || type === "chunk" || type === "split") return null;
    const block = graphOf(document, type);
    const named = Object.entries(block?.nodes ?? {}).filter(([, node]) => node.type === "Output");
    return { inputs: [], outputs: block ? named.map(([output]) => output) : OUTPUTS, numbered: false };
  };
}

const enclose = (document: NetworkDoc, keys: string[], type = "Part", graph: GraphName = null) => {
  const { command, node } = encloseNodes(document, graph, keys, type, portsIn(document));
  return { made: apply(document, command), node };
};

const document = (nodes: NetworkDoc["nodes"], more: Partial<NetworkDoc> = {}): NetworkDoc => ({
  format: "torchwire/1",
  nodes,
  ...more,
});

const CHAIN = document({
  x: { type: "Input" },
  a: { type: "Linear", params: { out_features: 4 }, inputs: { input: "x" } },
  b: { type: "ReLU", inputs: { input: "a" } },
  c: { type: "add", inputs: { input: "b", other: "x" } },
  out: { type: "Output", inputs: { value: "c" } },
});

describe("a block of some nodes", () => {
  test("has an input for what they read and an output for what is read of them, in the place of the first", () => {
    const { made, node } = enclose(CHAIN, ["a", "b"]);
    expect(node).toBe("part");
    expect(Object.keys(made.nodes)).toEqual(["x", "part", "c", "out"]);
    expect(made.nodes.part).toEqual({ type: "Part", inputs: { x: "x" } });
    expect(made.nodes.c!.inputs).toEqual({ input: "part", other: "x" });
    expect(made.blocks!.Part!.nodes).toEqual({
      x: { type: "Input" },
      a: CHAIN.nodes.a,
      b: CHAIN.nodes.b,
      out: { type: "Output", inputs: { value: "b" } },
    });
  });

  test("has several outputs where several are read, one for each", () => {
    const { made } = enclose(
      document({
        x: { type: "Input" },
        lstm: { type: "LSTM", inputs: { input: "x" } },
        y: { type: "ReLU", inputs: { input: "lstm" } },
        z: { type: "ReLU", inputs: { input: "lstm.h_n" } },
      }),
      ["lstm"],
    );
    expect(made.nodes.y!.inputs).toEqual({ input: "part.out_lstm" });
    expect(made.nodes.z!.inputs).toEqual({ input: "part.out_lstm_h_n" });
  });

  test("takes the parameters along that its expressions name; a weight is read through it", () => {
    const start = document(
      {
        x: { type: "Input" },
        a: { type: "Linear", params: { out_features: { $: "2 * width" } }, inputs: { input: "x" } },
        b: { type: "Linear", params: { out_features: 3 }, inputs: { input: "a", weight: "a.weight" } },
      },
      { params: { width: 8, depth: 2 } },
    );
    const { made } = enclose(start, ["a"]);
    expect(made.blocks!.Part!.params).toEqual({ width: 8 });
    expect(made.nodes.part!.params).toEqual({ width: { $: "width" } });
    expect(made.nodes.b!.inputs).toEqual({ input: "part", weight: "part.a.weight" });
    const back = apply(made, unpackBlock(made, null, "part").command);
    expect(back).toEqual({ ...start, blocks: {} });
    expect(() => enclose(start, ["b"])).toThrow("b shares a.weight: take a too.");
  });

  test("is refused, with the reason, where it would read itself, share a module, or hold no layer", () => {
    expect(() => enclose(CHAIN, ["a", "c"])).toThrow("b stands between them: a block takes it too.");
    expect(() => enclose(CHAIN, ["x", "out"])).toThrow("inputs and outputs of the network stay outside");
    expect(() => enclose(CHAIN, ["a"], "import")).toThrow("cannot be the name of a block");
    const shared = document({ ...CHAIN.nodes, again: { call: "a", inputs: { input: "c" } } });
    expect(() => enclose(shared, ["a"])).toThrow("again runs a again: a block takes both, or neither.");
  });
});

describe("unpacking", () => {
  const body = {
    params: { width: 2, wide: { $: "2 * width" } },
    nodes: {
      x: { type: "Input" },
      b: { type: "Linear", params: { out_features: { $: "wide + width" } }, inputs: { input: "x" } },
      out: { type: "Output", inputs: { value: "b" } },
    },
  };
  const used = document(
    {
      b: { type: "Input" },
      one: { type: "Body", params: { width: { $: "n - 1" } }, inputs: { x: "b" }, trainable: false },
      two: { type: "Body", inputs: { x: "one.out" } },
    },
    { blocks: { Body: body }, params: { n: 5 } },
  );

  test("gives fresh names, fills in what the use says, and keeps the block while it is used", () => {
    const { command, nodes } = unpackBlock(used, null, "one");
    const next = apply(used, command);
    expect(nodes).toEqual(["b1"]);
    expect(next.nodes.b1).toEqual({
      type: "Linear",
      params: { out_features: { $: "(2 * (n - 1)) + (n - 1)" } },
      inputs: { input: "b" },
      trainable: false,
    });
    expect(next.nodes.two!.inputs).toEqual({ x: "b1" });
    expect(next.blocks).toEqual(used.blocks);
    const last = apply(next, unpackBlock(next, null, "two").command);
    expect(last.nodes.b2!.params).toEqual({ out_features: { $: "(2 * 2) + 2" } });
    expect(last.blocks).toEqual({});
  });

  test("is refused where nodes cannot stand for it", () => {
    const repeated = apply(used, { kind: "field", graph: null, node: "two", field: "repeat", value: 3 });
    expect(() => unpackBlock(repeated, null, "two")).toThrow("it is repeated");
    expect(() => unpackBlock(used, null, "b")).toThrow("no use of a block");
  });

  for (const [name, start] of networks()) {
    test(`undoes what made the block: ${name}`, () => {
      const random = new Random(3);
      const graphs: GraphName[] = [null, ...Object.keys(start.blocks ?? {})];
      let made = 0;
      for (let tries = 0; tries < 30; tries += 1) {
        const graph = random.pick(graphs)!;
        const keys = Object.keys(graphOf(start, graph)!.nodes);
        const from = random.below(keys.length);
        const chosen = keys.slice(from, from + 1 + random.below(5));
        try {
          const { command, node } = encloseNodes(start, graph, chosen, "Part", portsIn(start));
          const enclosed = apply(start, command);
          const back = apply(enclosed, unpackBlock(enclosed, graph, node).command);
          expect(back, chosen.join(" ")).toEqual({ ...start, blocks: start.blocks ?? {} });
          made += 1;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      }
      expect(made).toBeGreaterThan(0);
    });
  }
});
