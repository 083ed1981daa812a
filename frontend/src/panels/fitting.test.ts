import { beforeEach, expect, test } from "vitest";
import type { NodeAnswer } from "@/api/answer";
import { searchTypes } from "@/editor/search";
import { catalogue, editor, results } from "@/editor/session";
import { types } from "@/workspace/testing";
import { ranked } from "./fitting";

function given(shape: number[], dtype: string): void {
  const output = { shape, dtype, values: null, summary: null };
  const answer = { state: "ok", outputs: { output } } as unknown as NodeAnswer;
  results.store.setState({ nodes: new Map([["x", answer]]) });
}

const order = (query: string) => {
  const found = searchTypes(types, editor.state().document, query);
  return ranked(found, { kind: "after", node: "x" }, query).map((match) => match.type);
};

beforeEach(() => {
  catalogue.store.setState(types);
  editor.load({ format: "torchwire/1", nodes: { x: { type: "Input" } } });
});

test("the rank of the tensor decides between the dimensions", () => {
  given([1, 3, 8, 8], "float32");
  expect(order("conv")[0]).toBe("Conv2d");
  given([1, 3, 8], "float32");
  expect(order("conv")[0]).toBe("Conv1d");
});

test("whole numbers are looked up first", () => {
  given([1, 5], "int64");
  expect(order("")[0]).toBe("Embedding");
  given([1, 5], "float32");
  expect(order("")[0]).not.toBe("Embedding");
});

test("what takes no wire is not offered behind a node", () => {
  given([1, 5], "float32");
  expect(order("")).not.toContain("Input");
});
