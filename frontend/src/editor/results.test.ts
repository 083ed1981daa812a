// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Problem } from "@/api/answer";
import type { NetworkDoc } from "@/document/document";
import { emptyDocument } from "@/document/empty";
import { createEditor } from "./editor";
import { createResults, HEARTBEAT, PAUSE } from "./results";
import { answerOf, FakeServer, settled } from "./testing/server";

const document: NetworkDoc = {
  ...emptyDocument(),
  nodes: {
    x: { type: "Input", params: { shape: [1, 4] } },
    fc: { type: "Linear", params: { out_features: 3 }, inputs: { input: "x" } },
  },
};

function begin(start = document) {
  const server = new FakeServer();
  const editor = createEditor(start);
  const results = createResults(editor, server.client);
  const stop = results.start();
  const set = (value: number) =>
    editor.dispatch({ kind: "param", graph: null, node: "fc", name: "out_features", value });
  return { server, editor, results, stop, set, state: results.store.getState, forwards: () => server.to("/forward") };
}

const out = (asked: { body: { network: { nodes: Record<string, unknown> } } | null }) =>
  (asked.body!.network.nodes.fc as { params: { out_features: number } }).params.out_features;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("posting", () => {
  test("the first change goes at once, further ones within the pause as one", () => {
    const { forwards, set, state } = begin();
    expect(forwards().length).toBe(1);
    expect(state().phase).toBe("computing");
    vi.advanceTimersByTime(1000);
    set(4);
    expect(forwards().map(out)).toEqual([3, 4]);
    set(5);
    set(6);
    expect(forwards().length).toBe(2);
    vi.advanceTimersByTime(PAUSE);
    expect(forwards().map(out)).toEqual([3, 4, 6]);
  });

  test("what the engine does not read is not posted", async () => {
    const { forwards, editor, state } = begin();
    await forwards()[0]!.answer(answerOf({ x: [1, 4], fc: [1, 3] }));
    editor.dispatch({ kind: "move", graph: null, positions: { fc: [1, 2] } });
    editor.dispatch({ kind: "field", graph: null, node: "fc", field: "note", value: "a note" });
    editor.select(["fc"]);
    vi.advanceTimersByTime(1000);
    expect(forwards().length).toBe(1);
    expect(state().stale).toBe(false);
  });

  test("the newest wins: the older is aborted, and its answer means nothing", async () => {
    const { forwards, set, state } = begin();
    vi.advanceTimersByTime(1000);
    set(4);
    const [old, fresh] = forwards();
    expect(old!.aborted()).toBe(true);
    await fresh!.answer(answerOf({ fc: [1, 4] }));
    await old!.answer(answerOf({ fc: [1, 3] }));
    expect(state().nodes.get("fc")!.outputs.output!.shape).toEqual([1, 4]);
    expect(state().revision).toBe(1);
  });

  test("an older answer that is being read when a change comes means nothing", async () => {
    const { forwards, set, state } = begin();
    vi.advanceTimersByTime(1000);
    const read = forwards()[0]!.answer(answerOf({ fc: [1, 3] }));
    set(4);
    await read;
    expect(state()).toMatchObject({ phase: "computing", revision: 0, answer: null });
  });

  test("the old answer stays, marked stale, until the new one is there", async () => {
    const { forwards, set, state } = begin();
    await forwards()[0]!.answer(answerOf({ fc: [1, 3] }), { "Server-Timing": "work;dur=7" });
    expect(state()).toMatchObject({ phase: "idle", stale: false, ms: 7, revision: 1 });
    vi.advanceTimersByTime(1000);
    set(4);
    expect(state()).toMatchObject({ phase: "computing", stale: true });
    expect(state().nodes.get("fc")!.outputs.output!.shape).toEqual([1, 3]);
    await forwards()[1]!.answer(answerOf({ fc: [1, 4] }));
    expect(state()).toMatchObject({ phase: "idle", stale: false, revision: 2 });
  });

  test("nothing is known of another document until its own answer is there", async () => {
    const { forwards, editor, state } = begin();
    await forwards()[0]!.answer(answerOf({ fc: [1, 3] }));
    editor.load(structuredClone(document)); // the same text, opened anew, is another document too
    expect(state()).toMatchObject({ answer: null, totals: null, list: [], stale: false, phase: "computing" });
    expect(state().nodes.size).toBe(0);
    vi.advanceTimersByTime(PAUSE);
    await forwards()[1]!.answer(answerOf({ fc: [1, 3] }));
    expect(state()).toMatchObject({ phase: "idle", revision: 2 });
    editor.fork(); // a copy under another name says what it said
    expect(state().answer).not.toBeNull();
  });

  test("back to what is shown needs no answer", async () => {
    const { forwards, set, state, editor } = begin();
    await forwards()[0]!.answer(answerOf({ fc: [1, 3] }));
    vi.advanceTimersByTime(1000);
    set(4);
    editor.undo();
    expect(forwards()[1]!.aborted()).toBe(true);
    expect(state()).toMatchObject({ phase: "idle", stale: false });
    vi.advanceTimersByTime(1000);
    expect(forwards().length).toBe(2);
  });

  test("another draw is asked for, and undone by 0", async () => {
    const { forwards, results, state } = begin();
    await forwards()[0]!.answer(answerOf({ fc: [1, 3] }));
    vi.advanceTimersByTime(1000);
    results.setDraw(2);
    expect(forwards()[1]!.body).toMatchObject({ draw: 2 });
    expect(state().draw).toBe(2);
    expect(forwards()[0]!.body).not.toHaveProperty("draw");
  });

  test("small tensors of selected nodes come with the answer", async () => {
    const { forwards, editor, set } = begin();
    const fc = {
      ...answerOf({ fc: [1, 3] }).nodes.fc!,
      parameters: { weight: { shape: [5000, 3], dtype: "float32", count: 15000, requires_grad: true, values: null } },
    };
    await forwards()[0]!.answer({ ...answerOf({ x: [1, 4] }), nodes: { ...answerOf({ x: [1, 4] }).nodes, fc } });
    editor.select(["fc"]);
    vi.advanceTimersByTime(1000);
    set(4);
    expect(forwards()[1]!.body).toMatchObject({ values: ["fc"] });
    expect(forwards()[1]!.body).not.toHaveProperty("parameters");
  });
});

describe("identity", () => {
  const problem = (node: string, message = "wrong"): Problem => ({
    code: "bad-param",
    severity: "error",
    node,
    port: null,
    param: "out_features",
    message,
    detail: null,
    fixes: [],
  });

  test("entries, problems and badges that say the same are the same objects", async () => {
    const { forwards, set, state } = begin();
    await forwards()[0]!.answer(answerOf({ x: [1, 4], fc: [1, 3] }, { problems: [problem("x"), problem("fc")] }));
    const before = state();
    vi.advanceTimersByTime(1000);
    set(4);
    await forwards()[1]!.answer(
      answerOf({ x: [1, 4], fc: [1, 4] }, { problems: [problem("x"), problem("fc", "else")] }),
    );
    const after = state();
    expect(after.nodes.get("x")).toBe(before.nodes.get("x"));
    expect(after.nodes.get("fc")).not.toBe(before.nodes.get("fc"));
    expect(after.problems.get("x")).toBe(before.problems.get("x"));
    expect(after.badges.get(null)!.get("x")).toBe(before.badges.get(null)!.get("x"));
    expect(after.badges.get(null)!.get("fc")![0]!.message).toBe("else");
    vi.advanceTimersByTime(1000);
    set(5);
    await forwards()[2]!.answer(
      answerOf({ x: [1, 4], fc: [1, 4] }, { problems: [problem("x"), problem("fc", "else")] }),
    );
    expect(state().nodes).toBe(after.nodes);
    expect(state().badges).toBe(after.badges);
    expect(state().list).toBe(after.list);
  });
});

describe("refusals", () => {
  test("are said in the server's words, and forgotten with the next answer", async () => {
    const { forwards, set, state } = begin();
    await forwards()[0]!.refuse(422, "no-document");
    expect(state()).toMatchObject({ phase: "idle", refusal: "no-document!" });
    vi.advanceTimersByTime(1000);
    set(4);
    await forwards()[1]!.answer(answerOf({ fc: [1, 4] }));
    expect(state()).toMatchObject({ refusal: null, stale: false });
  });

  test("superseded is silence; the newest is asked again", async () => {
    const { forwards, state } = begin();
    await forwards()[0]!.refuse(409, "superseded");
    expect(state()).toMatchObject({ phase: "computing", refusal: null });
    vi.advanceTimersByTime(PAUSE);
    expect(forwards().length).toBe(2);
    await forwards()[1]!.answer(answerOf({ fc: [1, 3] }));
    expect(state().phase).toBe("idle");
  });

  test("a busy server is asked again when it says", async () => {
    const { forwards, state } = begin();
    await forwards()[0]!.refuse(503, "busy", { "Retry-After": "2" });
    expect(state()).toMatchObject({ phase: "computing", refusal: "busy!" });
    vi.advanceTimersByTime(1999);
    expect(forwards().length).toBe(1);
    vi.advanceTimersByTime(1);
    expect(forwards().length).toBe(2);
  });
});

describe("a server that is away", () => {
  test("is asked again, later and later, and the newest document is what it gets", async () => {
    const { forwards, set, state } = begin();
    await forwards()[0]!.answer(answerOf({ fc: [1, 3] }));
    vi.advanceTimersByTime(1000);
    set(4);
    await forwards()[1]!.fail();
    expect(state()).toMatchObject({ phase: "offline", stale: true });
    expect(state().nodes.get("fc")!.outputs.output!.shape).toEqual([1, 3]);
    vi.advanceTimersByTime(500);
    expect(forwards().length).toBe(3);
    await forwards()[2]!.fail();
    vi.advanceTimersByTime(999);
    expect(forwards().length).toBe(3);
    vi.advanceTimersByTime(1);
    expect(forwards().length).toBe(4);
    await forwards()[3]!.fail();

    set(9); // an edit is an attempt at once
    vi.advanceTimersByTime(PAUSE);
    expect(forwards().length).toBe(5);
    expect(out(forwards()[4]!)).toBe(9);
    expect(state().phase).toBe("offline");
    await forwards()[4]!.answer(answerOf({ fc: [1, 9] }));
    expect(state()).toMatchObject({ phase: "idle", stale: false });
    vi.advanceTimersByTime(HEARTBEAT - 1);
    expect(forwards().length).toBe(5);
  });

  test("is noticed without an edit, and its return too", async () => {
    const { server, forwards, state } = begin();
    await forwards()[0]!.answer(answerOf({ fc: [1, 3] }));
    vi.advanceTimersByTime(HEARTBEAT);
    expect(server.to("/health").length).toBe(1);
    await server.to("/health")[0]!.fail();
    expect(state()).toMatchObject({ phase: "offline", stale: false });
    vi.advanceTimersByTime(500);
    await forwards()[1]!.answer(answerOf({ fc: [1, 3] }));
    expect(state().phase).toBe("idle");
  });

  test("keeps being asked when an undo brings back what is shown", async () => {
    const { forwards, set, state, editor } = begin();
    await forwards()[0]!.answer(answerOf({ fc: [1, 3] }));
    vi.advanceTimersByTime(1000);
    set(4);
    await forwards()[1]!.fail();
    editor.undo();
    expect(state().phase).toBe("offline");
    vi.advanceTimersByTime(500);
    expect(forwards().length).toBe(3);
    await forwards()[2]!.answer(answerOf({ fc: [1, 3] }));
    expect(state()).toMatchObject({ phase: "idle", stale: false });
  });

  test("that never answers counts as away", async () => {
    const { state } = begin();
    vi.advanceTimersByTime(60_000);
    await settled();
    expect(state().phase).toBe("offline");
  });

  test("is no longer asked once the session has ended", async () => {
    const { forwards, stop, set, server } = begin();
    await forwards()[0]!.fail();
    stop();
    set(8);
    vi.advanceTimersByTime(100_000);
    expect(server.asked.length).toBe(1);
  });
});

describe("blocks", () => {
  test("the use in hand is opened, badges reach the nodes that use the block", async () => {
    const nested: NetworkDoc = {
      ...emptyDocument(),
      nodes: { x: { type: "Input" }, stage: { type: "Body", repeat: 2, inputs: { x: "x" } } },
      blocks: { Body: { nodes: { x: { type: "Input" }, fc: { type: "Linear", inputs: { input: "x" } } } } },
    };
    const { forwards, editor, state } = begin(nested);
    const inside: Problem = {
      code: "c",
      severity: "error",
      node: "stage.1.fc",
      port: null,
      param: null,
      message: "",
      detail: null,
      fixes: [],
    };
    await forwards()[0]!.answer(answerOf({ x: [1], stage: [1] }, { problems: [inside] }));
    expect(state().badges.get(null)!.get("stage")).toEqual([inside]);
    expect(state().badges.get("Body")!.get("fc")).toEqual([inside]);
    vi.advanceTimersByTime(1000);
    editor.open("Body", "stage");
    expect(forwards()[1]!.body).toMatchObject({ open: ["stage.0"] });
    editor.goTo("stage.1.fc", "out_features");
    vi.advanceTimersByTime(1000);
    expect(forwards()[2]!.body).toMatchObject({ open: ["stage.1"] });
    expect(editor.state()).toMatchObject({
      graph: "Body",
      use: "stage.1",
      focus: { node: "fc", field: "out_features" },
    });
  });
});

describe("whole tensors", () => {
  function file(name: string, values: number[]): ArrayBuffer {
    const header = new TextEncoder().encode(
      JSON.stringify({ [name]: { dtype: "F32", shape: [values.length], data_offsets: [0, 4 * values.length] } }),
    );
    const bytes = new Uint8Array(8 + header.length + 4 * values.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(header, 8);
    bytes.set(new Uint8Array(Float32Array.from(values).buffer), 8 + header.length);
    return bytes.buffer;
  }

  test("are asked for once an answer, and again after the next", async () => {
    const { server, forwards, results, set } = begin();
    await forwards()[0]!.answer(answerOf({ fc: [100] }));
    const [one, two] = [results.fetchTensor("fc.output"), results.fetchTensor("fc.output")];
    expect(one).toBe(two);
    await settled();
    const asked = () => server.to("/tensors");
    expect(asked().map(({ body }) => body!.tensors)).toEqual([["fc.output"]]);
    await asked()[0]!.answer(file("fc.output", [1, 2]));
    expect(Array.from((await one).data as Float32Array)).toEqual([1, 2]);
    vi.advanceTimersByTime(1000);
    set(4);
    await forwards()[1]!.answer(answerOf({ fc: [100] }));
    void results.fetchTensor("fc.output");
    await settled();
    expect(asked().length).toBe(2);
  });

  test("that came with the answer are not asked for", async () => {
    const { server, forwards, results } = begin();
    const answer = answerOf({ fc: [2, 2] });
    answer.nodes.fc!.outputs.output!.values = [
      [1, "nan"],
      ["-inf", 0.1],
    ];
    await forwards()[0]!.answer(answer);
    const { shape, data } = await results.fetchTensor("fc.output");
    expect(shape).toEqual([2, 2]);
    expect(Array.from(data as Float32Array)).toEqual([1, Number.NaN, Number.NEGATIVE_INFINITY, Math.fround(0.1)]);
    expect(server.to("/tensors")).toEqual([]);
    await expect(results.fetchTensor("fc.nope")).rejects.toThrow("There is no tensor fc.nope.");
  });

  test("several in one turn are one request; where it is refused each is asked for alone", async () => {
    const { server, forwards, results } = begin();
    await forwards()[0]!.answer(answerOf({ x: [100], fc: [100] }));
    const x = results.fetchTensor("x.output[0]");
    const fc = results.fetchTensor("fc.output");
    await settled();
    const asked = () => server.to("/tensors");
    expect(asked().map(({ body }) => body!.tensors)).toEqual([["x.output[0]", "fc.output"]]);
    await asked()[0]!.refuse(422, "no-tensor");
    expect(
      asked()
        .map(({ body }) => body!.tensors)
        .slice(1),
    ).toEqual([["x.output[0]"], ["fc.output"]]);
    await asked()[1]!.answer(file("x.output[0]", [5]));
    const refused = expect(fc).rejects.toMatchObject({ code: "no-tensor" });
    await asked()[2]!.refuse(422, "no-tensor");
    expect(Array.from((await x).data as Float32Array)).toEqual([5]);
    await refused;
  });
});
