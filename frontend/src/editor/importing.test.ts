import { expect, test, vi } from "vitest";
import type { Imported, Question } from "@/api/files";
import { emptyDocument } from "@/document/empty";
import { createEditor } from "./editor";
import { createImporting } from "./importing";
import { answerOf, FakeServer } from "./testing/server";

const WIDTH: Question = { kind: "argument", name: "width", of: "Head", guess: 64 };
const x = (shape: number[] | null, dtype = "float32"): Question => ({
  kind: "input",
  name: "x",
  of: "Head",
  guess: { shape, dtype },
});

function imported(more: Partial<Imported> = {}): Imported {
  return { networks: [emptyDocument("Head")], problems: [], more_problems: 0, names: {}, questions: [], ...more };
}

function started() {
  const server = new FakeServer();
  const editor = createEditor(emptyDocument("Before"));
  const importing = createImporting(editor, server.client);
  const imports = () => server.to("/import");
  return { server, editor, importing, imports, state: () => importing.store.getState() };
}

const PYTHON = { format: "python", content: "class Head..." } as const;

test("what says all is opened at once, as a new document", async () => {
  const { editor, importing, imports, state } = started();
  const before = editor.state().id;
  const opened = vi.fn();
  void importing.read({ ...PYTHON, seed: 7, training: true, inputs: { x: { shape: [2, 8] } }, opened });
  expect(state().phase).toBe("reading");
  expect(imports()[0]!.body).toEqual({ ...PYTHON, training: true, inputs: { x: { shape: [2, 8] } } });
  await imports()[0]!.answer(imported());
  expect(state().phase).toBe("closed");
  expect(editor.state().document).toMatchObject({ name: "Head", seed: 7 });
  expect(editor.state().id).not.toBe(before);
  expect(opened).toHaveBeenCalledOnce();
});

test("arguments are asked for first, then inputs; guesses not touched stay the server's", async () => {
  const { editor, importing, imports, state } = started();
  void importing.read(PYTHON);
  await imports()[0]!.answer(imported({ networks: [], questions: [WIDTH] }));
  expect(state()).toMatchObject({ phase: "read", fields: [{ text: "64", error: null }] });

  importing.answer(0, { text: "wide" });
  await importing.again();
  expect(imports()).toHaveLength(1);
  expect(state().fields[0]!.error).toContain("Write a value");

  importing.answer(0, { text: "12" });
  void importing.again();
  expect(imports()[1]!.body).toEqual({ ...PYTHON, arguments: { Head: { width: 12 } } });
  await imports()[1]!.answer(imported({ questions: [x([1, 12])] }));
  expect(state().fields.map(({ text }) => text)).toEqual(["12", "1, 12"]);
  expect(editor.state().document.name).toBe("Before");

  importing.answer(0, { text: "16" });
  void importing.again();
  expect(imports()[2]!.body).toEqual({ ...PYTHON, arguments: { Head: { width: 16 } } });
  await imports()[2]!.answer(imported({ questions: [x([1, 16])] }));
  expect(state().fields[1]!.text).toBe("1, 16");

  importing.answer(1, { text: "4, 16", dtype: "float64" });
  void importing.again();
  expect(imports()[3]!.body).toMatchObject({ inputs: { x: { shape: [4, 16], dtype: "float64" } } });
  await imports()[3]!.answer(imported());
  expect(state().fields.map(({ text }) => text)).toEqual(["16", "4, 16"]);
  importing.open();
  expect(editor.state().document.name).toBe("Head");
});

test("the parameters of the network that is chosen are counted", async () => {
  const { server, editor, importing, imports, state } = started();
  void importing.read(PYTHON);
  const networks = [emptyDocument("Head"), emptyDocument("Tail")];
  await imports()[0]!.answer(imported({ networks }));
  const counted = (parameters: number) =>
    answerOf({}, { totals: { parameters, trainable: parameters, macs: 0, unknown: 0 } });
  importing.choose(1);
  const [first, second] = server.to("/analyze");
  await first!.answer(counted(10));
  expect(state().totals).toBeNull();
  await second!.answer(counted(39));
  expect(state().totals?.parameters).toBe(39);
  importing.open();
  expect(editor.state().document.name).toBe("Tail");
});

test("where no network comes of it, the document and the source stay", async () => {
  const { editor, importing, imports, state } = started();
  const before = editor.state();
  void importing.read(PYTHON);
  await imports()[0]!.refuse(413, "too-large");
  expect(state()).toMatchObject({ phase: "read", failure: "too-large!", report: null });
  void importing.again();
  await imports()[1]!.fail();
  expect(state().failure).toBe("The server does not answer.");
  void importing.again();
  await imports()[2]!.answer(imported({ networks: [] }));
  importing.open();
  expect(editor.state()).toBe(before);
  importing.close();
  importing.begin();
  expect(state()).toMatchObject({ phase: "writing", source: PYTHON });
});

test("the newest source wins, and what is closed stays closed", async () => {
  const { editor, importing, imports, state } = started();
  void importing.read(PYTHON);
  void importing.read({ format: "python", content: "other" });
  expect(imports()[0]!.aborted()).toBe(true);
  importing.close();
  expect(imports()[1]!.aborted()).toBe(true);
  await imports()[1]!.answer(imported());
  expect(state().phase).toBe("closed");
  expect(editor.state().document.name).toBe("Before");
});
