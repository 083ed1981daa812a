// @vitest-environment node
import { expect, test } from "vitest";
import type { NetworkDoc } from "./document";
import { emptyDocument } from "./empty";
import { firstUse, openFor, pathOf, pathThrough, placesOn, usersOf } from "./paths";
import { network } from "./testing/networks";

const resnet = network("ResNet_18");

test("nodes inside a repeated block are named by the copy, and by their attribute", () => {
  const use = pathThrough(resnet, null, null, "layer2");
  expect(use).toBe("layer2.0");
  expect(pathOf(resnet, "BasicBlock", use, "conv1")).toBe("layer2.0.conv1");
  expect(pathOf(resnet, "BasicBlock", use, "downsample_0")).toBe("layer2.0.downsample.0");
  expect(pathOf(resnet, null, null, "layer2")).toBe("layer2");
  expect(pathOf(resnet, "BasicBlock", null, "conv1")).toBeNull();
  expect(firstUse(resnet, "BasicBlock")).toBe("layer1.0");
  expect(openFor(resnet, "layer2.0")).toEqual(["layer2.0"]);
});

test("a path passes every place on its way", () => {
  expect(placesOn(resnet, "layer2.1.downsample.0")).toEqual([
    { graph: null, node: "layer2", use: null, path: "layer2.1" },
    { graph: "BasicBlock", node: "downsample_0", use: "layer2.1", path: "layer2.1.downsample.0" },
  ]);
  // Without a copy it is the first.
  expect(placesOn(resnet, "layer2.conv1").map(({ use, path }) => [use, path])).toEqual([
    [null, "layer2"],
    ["layer2.0", "layer2.0.conv1"],
  ]);
  expect(placesOn(resnet, "conv1")).toEqual([{ graph: null, node: "conv1", use: null, path: "conv1" }]);
  expect(placesOn(resnet, "nowhere.conv1")).toEqual([]);
});

const nested: NetworkDoc = {
  ...emptyDocument(),
  nodes: {
    off: { type: "Inner", when: false },
    stage_0: { type: "Outer", attribute: "stages.0" },
    stages: { type: "ReLU" },
  },
  blocks: {
    Outer: { nodes: { body: { type: "Inner", repeat: 2 } } },
    Inner: { nodes: { fc: { type: "Linear" } } },
    Alone: { nodes: { fc: { type: "Linear" } } },
  },
};

test("a top-level node is named by its key, what is inside it by its attribute", () => {
  expect(firstUse(nested, "Inner")).toBe("stages.0.body.0");
  expect(openFor(nested, "stages.0.body.0")).toEqual(["stage_0", "stages.0.body.0"]);
  expect(pathOf(nested, "Inner", "stages.0.body.0", "fc")).toBe("stages.0.body.0.fc");
  expect(placesOn(nested, "stages.0.body.1.fc").map(({ graph, node }) => [graph, node])).toEqual([
    [null, "stage_0"],
    ["Outer", "body"],
    ["Inner", "fc"],
  ]);
  expect(placesOn(nested, "stage_0").map(({ node }) => node)).toEqual(["stage_0"]);
});

test("a block that nothing uses is named by itself", () => {
  expect(firstUse(nested, "Alone")).toBeNull();
  expect(placesOn(nested, "Alone.fc")).toEqual([{ graph: "Alone", node: "fc", use: null, path: "fc" }]);
});

test("the users of a block are found through other blocks", () => {
  expect(usersOf(nested, "Inner")).toEqual([
    { graph: null, node: "off" },
    { graph: "Outer", node: "body" },
    { graph: null, node: "stage_0" },
  ]);
});

test("a document whose blocks contain each other does not hang", () => {
  const circle: NetworkDoc = {
    ...emptyDocument(),
    nodes: { a: { type: "A" } },
    blocks: { A: { nodes: { b: { type: "B" } } }, B: { nodes: { a: { type: "A" } } }, C: { nodes: {} } },
  };
  expect(firstUse(circle, "C")).toBeNull();
  expect(usersOf(circle, "A").length).toBe(3);
  expect(placesOn(circle, "a.b.a.b").map(({ node }) => node)).toEqual(["a", "b", "a", "b"]);
});
