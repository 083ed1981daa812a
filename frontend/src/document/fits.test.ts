// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { GraphDoc } from "./document";
import { endOf, firstFit, fits, readsAhead, referenceTo } from "./fits";
import type { Ports } from "./ports";

const port = (name: string, more = {}) => ({ name, optional: false, many: false, label: null, ...more });
const PORTS: Record<string, Ports> = {
  Input: { inputs: [], outputs: ["output"], numbered: false },
  Output: { inputs: [port("value")], outputs: [], numbered: false },
  ReLU: { inputs: [port("input")], outputs: ["output"], numbered: false },
  add: { inputs: [port("input"), port("other")], outputs: ["output"], numbered: false },
  cat: { inputs: [port("tensors", { many: true })], outputs: ["output"], numbered: false },
  LSTM: { inputs: [port("input"), port("hx", { optional: true })], outputs: ["output", "h_n", "c_n"], numbered: false },
  chunk: { inputs: [port("input")], outputs: [], numbered: true },
};

const graph: GraphDoc = {
  nodes: {
    x: { type: "Input" },
    a: { type: "ReLU", inputs: { input: "x" } },
    sum: { type: "add", inputs: { input: "a" } },
    join: { type: "cat", inputs: { tensors: ["a", "a"] } },
    lstm: { type: "LSTM" },
    parts: { type: "chunk", inputs: { input: "x" } },
    sized: { type: "ReLU", params: { n: { $: "sum.shape[0]" } } },
    again: { call: "a" },
    mystery: { type: "Mystery" },
    out: { type: "Output" },
  },
};
const ports = (key: string) => PORTS[graph.nodes[key]?.type ?? ""] ?? null;

const reason = (from: string, to: string) => {
  const [source, output = "output"] = from.split(".");
  const [reader, input = "input"] = to.split(".");
  const verdict = fits(graph, { node: source!, port: output }, { node: reader!, port: input }, ports);
  return verdict.fits ? null : verdict.reason;
};

describe("fits", () => {
  test("a free port, a list, an unknown type", () => {
    expect(fits(graph, { node: "x", port: "output" }, { node: "sum", port: "other" }, ports)).toEqual({
      fits: true,
      many: false,
      replaces: null,
    });
    expect(fits(graph, { node: "a", port: "output" }, { node: "join", port: "tensors" }, ports)).toEqual({
      fits: true,
      many: true,
      replaces: null,
    });
    expect(reason("x", "mystery.anything")).toBeNull();
    expect(reason("parts.1", "a")).toBeNull();
  });

  test("a taken port says what goes", () => {
    expect(fits(graph, { node: "x", port: "output" }, { node: "sum", port: "input" }, ports)).toEqual({
      fits: true,
      many: false,
      replaces: "a",
    });
  });

  test("a refusal says why", () => {
    expect(reason("a", "a")).toBe("A node cannot read itself.");
    expect(reason("sum", "a")).toBe("sum depends on a: this wire would close a circle.");
    expect(reason("sized", "a")).toMatch("would close a circle"); // through a size
    expect(reason("out", "sum.other")).toMatch("nothing can read it");
    expect(reason("a", "x")).toMatch("takes no wire");
    expect(reason("a", "sum")).toBe("input of sum reads a already.");
    expect(reason("parts", "sum.other")).toMatch("parts.0 is the first");
    expect(reason("nope", "a")).toBe("There is no node nope.");
  });

  test("a call does not order, so it closes no circle", () => {
    expect(readsAhead(graph, "a", "again")).toBe(false);
    expect(reason("again", "a")).toBeNull();
  });
});

test("the first output is written as the bare name, and read back", () => {
  expect(referenceTo(ports("lstm"), { node: "lstm", port: "output" })).toBe("lstm");
  expect(referenceTo(ports("lstm"), { node: "lstm", port: "h_n" })).toBe("lstm.h_n");
  expect(referenceTo(ports("parts"), { node: "parts", port: "0" })).toBe("parts.0");
  expect(endOf("lstm", ports)).toEqual({ node: "lstm", port: "output" });
  expect(endOf("lstm.c_n", ports)).toEqual({ node: "lstm", port: "c_n" });
  expect(endOf("", ports)).toBeNull();
  const block = (): Ports => ({ inputs: [], outputs: ["score"], numbered: false });
  expect(endOf("use.output", block)).toEqual({ node: "use", port: "score" });
});

test("the first fit is a required free port, then an optional one", () => {
  const from = { node: "x", port: "output" };
  expect(firstFit(graph, from, "sum", ports)).toEqual({ port: "other", many: false });
  expect(firstFit(graph, from, "lstm", ports)).toEqual({ port: "input", many: false });
  expect(firstFit(graph, from, "a", ports)).toBeNull();
  expect(firstFit(graph, from, "join", ports)).toEqual({ port: "tensors", many: true });
});
