import { describe, expect, test } from "vitest";
import type { NetworkDoc } from "@/document/document";
import { types } from "@/workspace/testing";
import { makeScene, type Scene, SIDE_PORT } from "./scene";

const scene = (nodes: NetworkDoc["nodes"], before: Scene | null = null, answered: Record<string, string[]> = {}) =>
  makeScene({ format: "torchwire/1", nodes }, null, types, (key) => answered[key] ?? [], before);

const ports = (found: Scene, key: string, side: "inputs" | "outputs") =>
  found.byKey.get(key)![side].map((port) => port.name);

describe("makeScene", () => {
  test("a bare name is the first output of its node, whatever it is called", () => {
    const found = scene({
      words: { type: "Input" },
      lstm: { type: "LSTM", inputs: { input: "words" } },
      tag: { type: "Linear", inputs: { input: "lstm" } },
      last: { type: "Linear", inputs: { input: "lstm.h_n" } },
    });
    expect(found.wires.map(({ from, to }) => [from.node, from.port, to.node])).toEqual([
      ["words", "output", "lstm"],
      ["lstm", "output", "tag"],
      ["lstm", "h_n", "last"],
    ]);
    expect(ports(found, "lstm", "outputs")).toEqual(["output", "h_n", "c_n"]);
    expect(found.byKey.get("lstm")!.labelled).toEqual({ in: false, out: true });
  });

  test("an optional port stays in the background until it is wired", () => {
    const loose = scene({ h: { type: "Input" }, lstm: { type: "LSTM" } });
    expect(loose.byKey.get("lstm")!.inputs.map((port) => port.extra)).toEqual([false, true]);
    const wired = scene({ h: { type: "Input" }, lstm: { type: "LSTM", inputs: { hx: ["h", "h"] } } });
    expect(wired.byKey.get("lstm")!.inputs.map((port) => port.extra)).toEqual([false, false]);
    expect(wired.wires.map(({ to }) => to.index)).toEqual([0, 1]);
  });

  test("nodes come in the order of the flow, else of the document; a circle loses none", () => {
    const order = (nodes: NetworkDoc["nodes"]) => scene(nodes).nodes.map(({ key }) => key);
    const relu = (input?: string) => (input ? { type: "ReLU", inputs: { input } } : { type: "ReLU" });
    expect(order({ c: relu("b"), b: relu("a"), z: relu(), a: { type: "Input" } })).toEqual(["a", "b", "c", "z"]);
    expect(order({ x: relu(), y: relu(), b: relu("y"), a: relu("x") })).toEqual(["x", "y", "b", "a"]);
    expect(order({ a: relu("c"), b: relu("a"), c: relu("b") }).sort()).toEqual(["a", "b", "c"]);
    const chain = Array.from({ length: 5000 }, (_, n): [string, object] => [`n${n}`, relu(`n${n + 1}`)]);
    expect(order(Object.fromEntries(chain))[0]).toBe("n4999");
  });

  test("each wire of a list has a name of its own", () => {
    const found = scene({ a: { type: "Input" }, both: { type: "cat", inputs: { tensors: ["a", "a"] } } });
    expect(new Set(found.wires.map((wire) => wire.id)).size).toBe(2);
  });

  test("calls and sizes are lines beside the nodes, a missing source a broken stub", () => {
    const found = scene({
      a: { type: "Input" },
      pool: { type: "MaxPool2d", inputs: { input: "a" } },
      again: { call: "pool", inputs: { input: "gone" } },
      flat: { type: "Linear", params: { out_features: { $: "pool.shape[1]" } }, inputs: { input: "again" } },
    });
    const kinds = found.wires.map((wire) => [wire.kind, wire.to.port === SIDE_PORT, wire.broken]);
    expect(kinds).toEqual([
      ["wire", false, false],
      ["call", true, false],
      ["wire", false, true],
      ["wire", false, false],
      ["size", true, false],
    ]);
    expect(found.byKey.get("again")!.kind).toBe("call");
  });

  test("a tied weight is a port of both nodes", () => {
    const found = scene({
      enc: { type: "Embedding" },
      dec: { type: "Linear", inputs: { weight: "enc.weight" } },
    });
    expect(found.wires.map((wire) => wire.kind)).toEqual(["tie"]);
    expect(ports(found, "enc", "outputs")).toEqual(["output", "weight"]);
    expect(ports(found, "dec", "inputs")).toEqual(["input", "weight"]);
  });

  test("numbered outputs are those of the answer and those that are read", () => {
    const nodes = {
      a: { type: "Input" },
      parts: { type: "chunk", inputs: { input: "a" } },
      use: { type: "Linear", inputs: { input: "parts.10" } },
    };
    expect(ports(scene(nodes, null, { parts: ["0", "1", "2"] }), "parts", "outputs")).toEqual(["0", "1", "2", "10"]);
  });

  test("an unknown type keeps its wires", () => {
    const found = scene({ a: { type: "Input" }, odd: { type: "Nonsense", inputs: { somewhere: "a" } } });
    expect(found.byKey.get("odd")!.kind).toBe("unknown");
    expect(ports(found, "odd", "inputs")).toEqual(["somewhere"]);
  });

  test("what did not change is the same object", () => {
    const a = { type: "Input" };
    const b = { type: "Linear", inputs: { input: "a" } };
    const first = scene({ a, b });
    const second = scene({ a, b, c: { type: "Linear", inputs: { input: "b" } } }, first);
    expect(second.byKey.get("a")).toBe(first.byKey.get("a"));
    expect(second.byKey.get("b")).toBe(first.byKey.get("b"));
    expect(second.wires[0]).toBe(first.wires[0]);
  });
});
