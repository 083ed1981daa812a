import { describe, expect, it } from "vitest";
import type { LayerType } from "@/api/answer";
import { apply } from "@/document/apply";
import type { NetworkDoc } from "@/document/document";
import { retype } from "./retype";
import { sourcesOf } from "./sources";

const network: NetworkDoc = {
  format: "torchwire/1",
  nodes: {
    x: { type: "Input" },
    lstm: { type: "LSTM", params: { hidden_size: 8, bias: false }, inputs: { input: "x" } },
    fc: { type: "Linear", inputs: { input: "lstm" } },
    shape: { type: "view", params: { shape: [{ $: "fc.shape[0]" }] }, inputs: { input: "x" } },
    parts: { type: "chunk", inputs: { input: "x" } },
    out: { type: "Output", inputs: { value: "fc" } },
  },
};

describe("what a node may read", () => {
  const outputs = (key: string) => (key === "lstm" ? ["output", "h_n", "c_n"] : ["output"]);

  it("is every output that does not depend on it, through wires and sizes", () => {
    expect(sourcesOf(network, "fc", outputs, () => undefined)).toEqual([
      "x",
      "lstm.output",
      "lstm.h_n",
      "lstm.c_n",
      "parts",
    ]);
    expect(sourcesOf(network, "x", outputs, () => undefined)).toEqual([]);
  });

  it("has the ports that the run gave", () => {
    const ran = { outputs: { "0": {}, "1": {} } } as never;
    expect(sourcesOf(network, "out", outputs, (key) => (key === "parts" ? ran : undefined))).toContain("parts.1");
  });
});

describe("another type", () => {
  const layer = (type: string, params: string[], inputs: string[]) =>
    ({ type, params: params.map((name) => ({ name })), inputs: inputs.map((name) => ({ name })) }) as LayerType;

  it("keeps what the new type knows and takes the rest away, in one step", () => {
    const next = apply(
      network,
      retype(null, "lstm", network.nodes.lstm!, "GRU", layer("GRU", ["hidden_size"], ["input", "hx"])),
    );
    expect(next.nodes.lstm).toEqual({ type: "GRU", params: { hidden_size: 8 }, inputs: { input: "x" } });
  });

  it("moves a wire to a port that the new type has", () => {
    const next = apply(network, retype(null, "fc", network.nodes.fc!, "cat", layer("cat", ["dim"], ["tensors"])));
    expect(next.nodes.fc).toEqual({ type: "cat", inputs: { tensors: "lstm" } });
  });
});
