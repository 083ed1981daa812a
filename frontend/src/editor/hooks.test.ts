import { act, createElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LayerType } from "@/api/answer";
import recorded from "@/api/recorded/layers.json";
import { network } from "@/document/testing/networks";
import { catalogueOf } from "./catalogue";
import {
  catalogue,
  editor,
  results,
  useNode,
  useNodeAnswer,
  useNodeParams,
  useNodePath,
  useNodePorts,
  useProblemsOf,
} from "./hooks";
import { NO_RESULTS } from "./results";
import { answerOf } from "./testing/server";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

let root: Root;
beforeEach(() => {
  root = createRoot(document.createElement("div"));
  catalogue.store.setState(catalogueOf(recorded.layers as unknown as LayerType[]));
  results.store.setState(NO_RESULTS);
});
afterEach(() => act(() => root.unmount()));

/** Renders a component of these hooks; the list grows with each of its renders. */
function watching<T>(hook: () => T): T[] {
  const seen: T[] = [];
  const Watcher = () => {
    seen.push(hook());
    return null;
  };
  act(() => root.render(createElement(Watcher)));
  return seen;
}

test("a node renders for its own changes only", () => {
  editor.load(network("LeNet"));
  const seen = watching(() => ({
    node: useNode("fc1"),
    answer: useNodeAnswer("fc1"),
    problems: useProblemsOf("fc1"),
    ports: useNodePorts("fc1"),
    params: useNodeParams("fc1"),
  }));
  expect(seen.length).toBe(1);
  expect(seen[0]!.ports!.inputs.map(({ name }) => name)).toEqual(["input"]);
  expect(seen[0]!.params.map(({ name }) => name)).toContain("out_features");
  act(() => editor.dispatch({ kind: "move", graph: null, positions: { conv1: [8, 8], relu1: [9, 9] } }));
  act(() => editor.dispatch({ kind: "param", graph: null, node: "fc2", name: "out_features", value: 5 }));
  act(() => editor.select(["conv1"]));
  act(() =>
    results.store.setState({ nodes: new Map(Object.entries(answerOf({ conv1: [1] }).nodes)), phase: "computing" }),
  );
  expect(seen.length).toBe(1);
  act(() => editor.dispatch({ kind: "move", graph: null, positions: { fc1: [1, 2] } }));
  expect(seen.length).toBe(2);
  act(() => results.store.setState({ nodes: new Map(Object.entries(answerOf({ fc1: [7] }).nodes)) }));
  expect(seen.length).toBe(3);
  expect(seen[2]!.answer!.outputs.output!.shape).toEqual([7]);
});

test("in a block a node shows the answer of the use in hand", () => {
  editor.load(network("ResNet_18"));
  results.store.setState({
    nodes: new Map(Object.entries(answerOf({ conv1: [1], "layer1.0.conv1": [2], "layer2.1.conv1": [3] }).nodes)),
  });
  const seen = watching(() => [useNodePath("conv1"), useNodeAnswer("conv1")?.outputs.output?.shape]);
  act(() => editor.open("BasicBlock"));
  act(() => editor.goTo("layer2.1.relu1"));
  expect(seen).toEqual([
    ["conv1", [1]],
    ["layer1.0.conv1", [2]],
    ["layer2.1.conv1", [3]],
  ]);
});
