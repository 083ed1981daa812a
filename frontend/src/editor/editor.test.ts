// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { NetworkDoc } from "@/document/document";
import { emptyDocument } from "@/document/empty";
import { Refusal } from "@/document/refusal";
import { network } from "@/document/testing/networks";
import { createEditor } from "./editor";

const document: NetworkDoc = {
  ...emptyDocument(),
  nodes: {
    x: { type: "Input" },
    a: { type: "Body", inputs: { x: "x" } },
    b: { type: "Body", repeat: 3, inputs: { x: "a" } },
    out: { type: "Output", inputs: { value: "b" } },
  },
  blocks: { Body: { nodes: { x: { type: "Input" }, fc: { type: "Linear", inputs: { input: "x" } } } } },
};

describe("history", () => {
  test("selection, graph and reveal are never entries", () => {
    const editor = createEditor(document);
    editor.select(["a"]);
    editor.open("Body");
    editor.show(["fc"], "out_features");
    editor.goTo("a");
    expect(editor.state()).toMatchObject({ past: 0, canUndo: false });
    editor.undo();
    expect(editor.state().document).toBe(document);
  });

  test("undo of a delete brings the wires back", () => {
    const editor = createEditor(document);
    editor.select(["a", "b"]);
    editor.dispatch({ kind: "remove", graph: null, nodes: ["a", "b"] });
    expect(editor.state().document.nodes.out).toEqual({ type: "Output" });
    expect([...editor.state().selection]).toEqual([]);
    editor.undo();
    expect(editor.state().document).toBe(document);
    expect(editor.state()).toMatchObject({ canUndo: false, canRedo: true });
    editor.redo();
    expect(Object.keys(editor.state().document.nodes)).toEqual(["x", "out"]);
  });

  test("a typing burst is one entry, told by the clock", () => {
    let now = 0;
    const editor = createEditor(document, () => now);
    const type = (value: number) =>
      editor.dispatch({ kind: "param", graph: "Body", node: "fc", name: "out_features", value }, "fc.out_features");
    type(1);
    now += 700;
    type(12);
    now += 700;
    type(128);
    expect(editor.state().past).toBe(1);
    now += 801;
    type(1280);
    expect(editor.state().past).toBe(2);
    editor.undo();
    editor.undo();
    expect(editor.state().document).toBe(document);
  });

  test("a refused command changes nothing and is no entry", () => {
    const editor = createEditor(document);
    expect(() => editor.dispatch({ kind: "rename", graph: null, node: "a", name: "forward" })).toThrow(Refusal);
    expect(() =>
      editor.dispatch({
        kind: "sequence",
        commands: [
          { kind: "remove", graph: null, nodes: ["a"] },
          { kind: "rename", graph: null, node: "gone", name: "z" },
        ],
      }),
    ).toThrow("There is no node gone.");
    expect(editor.state().document).toBe(document);
    expect(editor.state().past).toBe(0);
  });

  test("a fix that no longer fits says so", () => {
    const editor = createEditor(document);
    const patch = [
      { op: "test" as const, path: "/nodes/a/type", value: "Body" },
      { op: "add" as const, path: "/nodes/a/repeat", value: 2 },
    ];
    expect(editor.fix(patch)).toBe(true);
    expect(editor.state().document.nodes.a!.repeat).toBe(2);
    expect(editor.fix([{ op: "test", path: "/nodes/a/repeat", value: 7 }])).toBe(false);
    expect(editor.state().past).toBe(1);
  });

  test("undo shows the graph in which the change was", () => {
    const editor = createEditor(document);
    editor.open("Body");
    editor.dispatch({ kind: "param", graph: "Body", node: "fc", name: "out_features", value: 3 });
    editor.open(null);
    editor.undo();
    expect(editor.state()).toMatchObject({ graph: "Body", use: "a" });
    editor.redo();
    editor.dispatch({ kind: "block", name: "Body", block: undefined });
    expect(editor.state()).toMatchObject({ graph: null, use: null });
  });
});

describe("selection", () => {
  test("follows a new name, and keeps what is left of it", () => {
    const editor = createEditor(document);
    editor.select(["a", "b"]);
    editor.dispatch({ kind: "rename", graph: null, node: "a", name: "first" });
    expect([...editor.state().selection]).toEqual(["first", "b"]);
    const before = editor.state().selection;
    editor.dispatch({ kind: "param", graph: null, node: "x", name: "shape", value: [1] });
    editor.select(["first", "b"]);
    expect(editor.state().selection).toBe(before); // nothing to render
    editor.dispatch({ kind: "remove", graph: null, nodes: ["b"] });
    expect([...editor.state().selection]).toEqual(["first"]);
  });
});

describe("blocks in hand", () => {
  test("are shown in the use through which they were opened, else in their first", () => {
    const editor = createEditor(document);
    editor.open("Body", "b");
    expect(editor.state()).toMatchObject({ graph: "Body", use: "b.0" });
    editor.open("Body");
    expect(editor.state()).toMatchObject({ graph: "Body", use: "a" });
    editor.dispatch({ kind: "remove", graph: null, nodes: ["a"] });
    expect(editor.state().use).toBe("b.0"); // the use that was shown is gone
    editor.open("Nope");
    expect(editor.state().graph).toBe("Body");
    editor.dispatch({ kind: "rename-block", block: "Body", name: "Stage" });
    expect(editor.state()).toMatchObject({ graph: "Stage", use: "b.0" });
  });

  test("goTo opens the block that a path leads into, in that use", () => {
    const resnet = createEditor(network("ResNet_18"));
    resnet.goTo("layer2.1.downsample.0", "out_channels");
    expect(resnet.state()).toMatchObject({
      graph: "BasicBlock",
      use: "layer2.1",
      focus: { node: "downsample_0", field: "out_channels" },
      reveal: { nodes: ["downsample_0"], count: 1 },
    });
    expect([...resnet.state().selection]).toEqual(["downsample_0"]);
    resnet.goTo("fc");
    expect(resnet.state()).toMatchObject({ graph: null, use: null, focus: null, reveal: { nodes: ["fc"], count: 2 } });
    resnet.goTo("nowhere");
    expect(resnet.state().reveal.count).toBe(2);
  });
});

test("loading begins a history of its own under a name of its own", () => {
  const editor = createEditor(document);
  const { id } = editor.state();
  editor.dispatch({ kind: "head", field: "seed", value: 7 });
  editor.select(["a"]);
  editor.load(emptyDocument("Next"));
  expect(editor.state()).toMatchObject({ past: 0, canUndo: false, graph: null });
  expect(editor.state().id).not.toBe(id);
  expect(editor.state().selection.size).toBe(0);
  editor.load(document, { id });
  expect(editor.state().id).toBe(id);
});
