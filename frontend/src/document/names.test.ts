// @vitest-environment node
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freshName, freshNodeName, nameFault, nodeNameFault } from "./names";

const ROOT = join(import.meta.dirname, "../../..");
const PYTHON = join(ROOT, ".venv/bin/python");

test("allows and refuses what the server allows and refuses, in the same words", () => {
  expect(existsSync(PYTHON)).toBe(true);
  const names = [
    ..."conv1 x A a_ relu_ forward training type float torch nn F math self lambda None match print i range".split(" "),
    ...["", "1x", "_x", "a b", "a.b", "ﬁ", "é", "a".repeat(64), "a".repeat(65), "__proto__", "constructor", "x\n"],
  ];
  const script = [
    "import json, keyword, sys",
    "from torchwire.graph.names import MODULE_ATTRIBUTES, RESERVED, name_fault",
    "names = json.load(sys.stdin) + sorted(MODULE_ATTRIBUTES) + sorted(RESERVED) + keyword.kwlist",
    "print(json.dumps([[name, name_fault(name)] for name in names]))",
  ].join("\n");
  const output = execFileSync(PYTHON, ["-c", script], { input: JSON.stringify(names), cwd: ROOT, encoding: "utf8" });
  const theirs = JSON.parse(output) as [string, string | null][];
  expect(theirs.length).toBeGreaterThan(100);
  expect(theirs.map(([name]) => [name, nameFault(name)])).toEqual(theirs);
});

test("names layers as people name them", () => {
  const taken = new Set<string>();
  const types =
    "Input Conv2d MaxPool2d Conv2d Linear ReLU relu Linear BatchNorm2d LSTM log_softmax Output Output Input";
  const names = types.split(" ").map((type) => {
    const name = freshNodeName(type, taken);
    taken.add(name);
    return name;
  });
  expect(names).toEqual("x conv1 pool1 conv2 fc1 relu1 relu2 fc2 bn1 lstm1 log_softmax1 out out2 x2".split(" "));
  for (const type of ["type", "float", "Float16", "min_pool2d", "Conv2d", "1d", "ÄÖ", "half"]) {
    expect(nameFault(freshNodeName(type, taken)), type).toBeNull();
  }
});

test("a fresh name counts on from the name it is like", () => {
  expect(freshName("conv1", new Set())).toBe("conv1");
  expect(freshName("conv1", new Set(["conv1", "conv2"]))).toBe("conv3");
  expect(freshName("forward", new Set())).toBe("forward1");
  expect(freshName("2 heads!", new Set())).toBe("heads_1");
  expect(nameFault(freshName("é".repeat(80), new Set()))).toBeNull();
});

test("nodes and parameters of a graph share one namespace", () => {
  const graph = { params: { width: 3 }, nodes: { conv: { type: "Conv2d" } } };
  expect(nodeNameFault(graph, "width")).toBe("there is a parameter width already");
  expect(nodeNameFault(graph, "conv")).toBe("there is a node conv already");
  expect(nodeNameFault(graph, "conv", "conv")).toBeNull();
});
