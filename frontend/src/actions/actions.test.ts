import { afterEach, describe, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import type { Problem } from "@/api/answer";
import type { NetworkDoc } from "@/document/document";
import { emptyDocument } from "@/document/empty";
import { createCode } from "@/editor/code";
import { createEditor } from "@/editor/editor";
import { createImporting } from "@/editor/importing";
import { createRemote } from "@/editor/remote";
import { createResults } from "@/editor/results";
import { createSaving } from "@/editor/saving";
import { answerOf, FakeServer } from "@/editor/testing/server";
import { MemoryShelf, TabStorage } from "@/editor/testing/shelf";
import { types } from "@/workspace/testing";
import { type Context, GROUPS } from "./action";
import { action, actions, run } from "./actions";
import { pasteText } from "./edit";
import { actionFor, listen } from "./keyboard";
import { provide, type View, view } from "./view";

const network: NetworkDoc = {
  ...emptyDocument(),
  nodes: {
    x: { type: "Input" },
    a: { type: "ReLU", inputs: { input: "x" } },
    b: { type: "ReLU", inputs: { input: "a" } },
    c: { type: "ReLU", inputs: { input: "b" } },
  },
};

function contextOf(parts: Partial<View> = {}) {
  const server = new FakeServer();
  const editor = createEditor(network);
  const results = createResults(editor, server.client);
  const saving = createSaving(editor, new MemoryShelf(), new TabStorage());
  const said: string[] = [];
  const context: Context = {
    editor,
    results,
    saving,
    remote: createRemote(editor, server.client, "o".repeat(32), saving.settled),
    code: createCode(editor, server.client),
    importing: createImporting(editor, server.client),
    catalogue: { store: createStore(() => types) },
    view: () => ({ say: (text: string) => void said.push(text), ...parts }),
  };
  return { context, editor, results, server, said, keys: () => Object.keys(editor.state().document.nodes) };
}

const DELETE = { key: "Delete", bubbles: true, cancelable: true };

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
});

describe("the registry", () => {
  test("ids are one each, groups are known, and no two actions share a shortcut", () => {
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    for (const { group, title } of actions) {
      expect(GROUPS).toContain(group);
      expect(title).toMatch(/^[A-Z]/);
    }
    const shortcuts = actions.flatMap((one) => one.shortcuts);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
    expect(() => action("nope")).toThrow("There is no action nope.");
  });

  test("what the brief of an editor asks for is there", () => {
    const ids = `undo redo cut copy paste duplicate delete delete-heal bypass rename select-all quick-add fit zoom-in
      zoom-out layout theme help training draw next-problem new open save examples`;
    for (const id of ids.split(/\s+/)) expect(action(id).id).toBe(id);
  });
});

describe("actions", () => {
  test("delete and delete with heal take the selection; undo brings it back", async () => {
    const { context, editor, keys } = contextOf();
    await run("delete", context);
    expect(keys()).toEqual(["x", "a", "b", "c"]); // nothing selected, nothing done
    editor.select(["a", "b"]);
    await run("delete-heal", context);
    expect(editor.state().document.nodes.c!.inputs).toEqual({ input: "x" });
    await run("undo", context);
    expect(editor.state().document).toBe(network);
    editor.select(["b"]);
    await run("delete", context);
    expect(editor.state().document.nodes.c).toEqual({ type: "ReLU" });
  });

  test("duplicate is one entry, keeps the wires, and selects what is new", async () => {
    const { context, editor, keys } = contextOf();
    editor.select(["b", "a"]);
    await run("duplicate", context);
    expect(keys()).toEqual(["x", "a", "b", "c", "a1", "b1"]);
    expect(editor.state().document.nodes.b1!.inputs).toEqual({ input: "a1" });
    expect([...editor.state().selection]).toEqual(["a1", "b1"]);
    expect(editor.state().past).toBe(1);
  });

  test("bypass switches the whole selection off and on, one entry each; an expression stays", async () => {
    const { context, editor } = contextOf();
    editor.dispatch({ kind: "field", graph: null, node: "c", field: "when", value: { $: "deep" } });
    editor.select(["a", "b", "c"]);
    await run("bypass", context);
    const when = () => ["a", "b", "c"].map((key) => editor.state().document.nodes[key]!.when);
    expect(when()).toEqual([false, false, { $: "deep" }]);
    expect(editor.state().past).toBe(2);
    await run("bypass", context);
    expect(when()).toEqual([undefined, undefined, { $: "deep" }]);
  });

  test("a block is made of the selection, and unpacked, one entry each", async () => {
    const { context, editor, keys, said } = contextOf();
    editor.select(["a", "b"]);
    await run("make-block", context);
    expect(keys()).toEqual(["x", "block", "c"]);
    expect([...editor.state().selection]).toEqual(["block"]);
    expect(Object.keys(editor.state().document.blocks!)).toEqual(["Block"]);
    await run("unpack-block", context);
    expect(editor.state().document).toEqual(network);
    expect([...editor.state().selection]).toEqual(["a", "b"]);
    expect(editor.state().past).toBe(2);
    expect(action("unpack-block").enabled(context)).toBe(false);
    editor.select(["a", "c"]);
    await run("make-block", context);
    expect(said).toEqual(["b stands between them: a block takes it too."]);
  });

  test("aligning is one entry, and is there for two nodes and more; spreading for three", async () => {
    const frames = (keys: readonly string[]) =>
      keys.map((key, n) => ({ key, x: 10 * n, y: 100 * n * n, width: 50, height: 20 }));
    const { context, editor } = contextOf({ frames });
    editor.select(["a"]);
    expect(action("align-left").enabled(context)).toBe(false);
    editor.select(["x", "a"]);
    expect(action("align-left").enabled(context)).toBe(true);
    expect(action("spread-down").enabled(context)).toBe(false);
    editor.select(["x", "a", "b"]);
    await run("align-left", context);
    await run("spread-down", context);
    const place = (key: string) => editor.state().document.nodes[key]!.position;
    expect(["x", "a", "b"].map(place)).toEqual([
      [0, 0],
      [10, 200],
      [20, 400],
    ]);
    expect(editor.state().past).toBe(2);
    await run("undo", context);
    expect(["x", "a", "b"].map(place)).toEqual([
      [0, 0],
      [0, 100],
      [0, 400],
    ]);
  });

  test("an action whose part of the view is missing is not enabled", async () => {
    const fit = vi.fn();
    expect(action("fit").enabled(contextOf().context)).toBe(false);
    const { context } = contextOf({ fit });
    await run("fit", context);
    expect(fit).toHaveBeenCalledOnce();
    const end = provide({ fit });
    expect(view().fit).toBe(fit);
    end();
    expect(view().fit).toBeUndefined();
  });

  test("next problem goes round, to node and field", async () => {
    const { context, editor, results, server } = contextOf();
    const problem = (node: string | null, param: string | null, port: string | null = null): Problem => {
      return { code: "c", severity: "error", node, port, param, message: "", detail: null, fixes: [] };
    };
    ends.push(results.start());
    await server
      .to("/forward")[0]!
      .answer(answerOf({}, { problems: [problem(null, null), problem("a", "dim"), problem("c", null, "input")] }));
    const gone = () => editor.state().focus;
    await run("next-problem", context);
    expect(gone()).toEqual({ node: "a", field: "dim" });
    await run("next-problem", context);
    expect(gone()).toEqual({ node: "c", field: "inputs.input" });
    await run("next-problem", context);
    expect(gone()).toEqual({ node: "a", field: "dim" });
    await run("previous-problem", context);
    expect(gone()).toEqual({ node: "c", field: "inputs.input" });
  });

  test("a refusal is said, not thrown", async () => {
    const { context, said } = contextOf();
    vi.stubGlobal("navigator", { platform: "Linux", clipboard: { readText: async () => "just words" } });
    await run("paste", context);
    vi.unstubAllGlobals();
    expect(said).toEqual(["This is no network document: it is not a JSON object."]);
  });
});

describe("keys", () => {
  const key = (name: string, held: Partial<KeyboardEventInit> = {}) =>
    new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...held });

  function field(html: string): Element {
    document.body.innerHTML = html;
    return document.body.querySelector("[data-here]") ?? document.body.firstElementChild!;
  }

  test("reach an enabled action", () => {
    const { context, editor } = contextOf();
    ends.push(listen(context));
    editor.select(["a"]);
    const event = key("Delete");
    document.body.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    expect(editor.state().document.nodes).not.toHaveProperty("a");
    const nothing = key("Delete");
    document.body.dispatchEvent(nothing);
    expect(nothing.defaultPrevented).toBe(false);
  });

  test("a text field keeps its keys, but saves", () => {
    const { context, editor } = contextOf();
    editor.select(["a"]);
    editor.dispatch({ kind: "head", field: "seed", value: 1 });
    const fields = [
      '<input type="text">',
      "<input>",
      "<textarea></textarea>",
      '<div contenteditable="true"><b data-here>x</b></div>',
      '<div role="dialog"><button data-here>x</button></div>',
    ];
    for (const html of fields) {
      const target = field(html);
      for (const event of [
        key("z", { ctrlKey: true }),
        key("Delete"),
        key("f"),
        key("?"),
        key("a", { ctrlKey: true }),
      ]) {
        expect(actionFor(event, target, context), `${html} ${event.key}`).toBeNull();
      }
    }
    expect(actionFor(key("s", { ctrlKey: true }), field("<input>"), context)).toBe("save");
    expect(actionFor(key("z", { ctrlKey: true }), field("<button>x</button>"), context)).toBe("undo");
    expect(actionFor(key("z", { ctrlKey: true }), field('<input type="checkbox">'), context)).toBe("undo");
  });

  test("text inside a shadow root keeps its keys; text that is only read does not", () => {
    const { context, editor } = contextOf();
    ends.push(listen(context));
    const root = field("<div data-here></div>").attachShadow({ mode: "open" });
    for (const [html, kept] of [
      ['<div contenteditable="true" role="textbox"></div>', true],
      ['<div contenteditable="true" role="textbox" aria-readonly="true"></div>', false],
    ] as const) {
      root.innerHTML = html;
      editor.select(["a"]);
      root.firstElementChild!.dispatchEvent(new KeyboardEvent("keydown", { ...DELETE, composed: true }));
      expect(Object.hasOwn(editor.state().document.nodes, "a")).toBe(kept);
    }
  });

  test("source code that is pasted is read by the server", async () => {
    const { context, server, said, keys } = contextOf();
    void pasteText(context, "import torch.nn as nn\nmodel = nn.ReLU()", null);
    expect(server.to("/import")[0]!.body).toMatchObject({ format: "python" });
    expect(keys()).toEqual(["x", "a", "b", "c"]);
    expect(said).toEqual([]);
    await expect(pasteText(context, "no network", null)).rejects.toThrow("no network document");
  });

  test("a key that somebody has used already is left alone", () => {
    const { context, editor } = contextOf();
    ends.push(listen(context));
    editor.select(["a"]);
    const event = key("Delete");
    event.preventDefault();
    document.body.dispatchEvent(event);
    expect(editor.state().document).toBe(network);
  });

  test("copy, cut and paste go by the browser's events, at the pointer", () => {
    const { context, editor, keys } = contextOf({ pointer: () => [40, 50] });
    ends.push(listen(context));
    const clipboard = new Map<string, string>();
    const send = (type: string) => {
      const event = new Event(type, { bubbles: true, cancelable: true });
      const data = {
        setData: (kind: string, text: string) => void clipboard.set(kind, text),
        getData: (kind: string) => clipboard.get(kind) ?? "",
      };
      Object.defineProperty(event, "clipboardData", { value: data });
      document.body.dispatchEvent(event);
      return event;
    };
    expect(send("copy").defaultPrevented).toBe(false); // nothing selected: the browser's own copy
    editor.select(["b"]);
    expect(send("cut").defaultPrevented).toBe(true);
    expect(keys()).toEqual(["x", "a", "c"]);
    send("paste");
    expect(keys()).toEqual(["x", "a", "c", "b"]);
    expect(editor.state().document.nodes.b).toEqual({ type: "ReLU", inputs: { input: "a" }, position: [40, 50] });
    expect(actionFor(key("v", { ctrlKey: true }), document.body, context)).toBeNull();
  });
});
