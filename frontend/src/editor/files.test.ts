import { afterEach, expect, test, vi } from "vitest";
import { emptyDocument } from "@/document/empty";
import { network } from "@/document/testing/networks";
import { createEditor } from "./editor";
import { fileName, openFile, pickFile, readClipboard, saveFile, writeClipboard } from "./files";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a file is named after the document", () => {
  expect(fileName({ ...emptyDocument("Tiny tagger, Größe 2") })).toBe("tiny-tagger-gro-e-2.json");
  expect(fileName({ ...emptyDocument("../..") })).toBe("network.json");
});

test("what is saved as a file opens as the same document", async () => {
  let saved: Blob | undefined;
  URL.createObjectURL = (blob: Blob | MediaSource) => {
    saved = blob as Blob;
    return "blob:test";
  };
  URL.revokeObjectURL = () => {};
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  saveFile(network("LeNet"));
  expect(clicked).toHaveBeenCalledOnce();
  const editor = createEditor();
  await openFile(editor, new File([await saved!.text()], "lenet.json"));
  expect(editor.state().document).toEqual(network("LeNet"));
});

test("a file without a name inside is named by its own; one that is no document changes nothing", async () => {
  const editor = createEditor();
  await openFile(editor, new File(['{"format": "torchwire/1", "nodes": {}}'], "My net.json"));
  expect(editor.state().document.name).toBe("My net");
  const before = editor.state();
  await expect(openFile(editor, new File(["import torch"], "a.py"))).rejects.toThrow("This is not JSON");
  expect(editor.state()).toBe(before);
});

test("the field that asks for a file stands in the page until it is answered: else it may be collected", async () => {
  const field = () => document.querySelector<HTMLInputElement>("input[type=file]");
  const chosen = pickFile(".json");
  const file = new File(["{}"], "a.json");
  Object.defineProperty(field(), "files", { value: [file] });
  field()!.dispatchEvent(new Event("change"));
  expect(await chosen).toBe(file);
  expect(field()).toBeNull();
  const none = pickFile(".json");
  field()!.dispatchEvent(new Event("cancel"));
  expect(await none).toBeNull();
  expect(field()).toBeNull();
});

test("without the browser's clipboard, copies are kept on the page", async () => {
  vi.stubGlobal("navigator", { platform: "Linux" });
  await writeClipboard("some nodes");
  expect(await readClipboard()).toBe("some nodes");
});

test("with it, the browser's is used, and a refusal is no loss", async () => {
  const clipboard = {
    writeText: vi.fn().mockResolvedValue(undefined),
    readText: vi.fn().mockResolvedValue("from elsewhere"),
  };
  vi.stubGlobal("navigator", { clipboard });
  await writeClipboard("mine");
  expect(clipboard.writeText).toHaveBeenCalledWith("mine");
  expect(await readClipboard()).toBe("from elsewhere");
  clipboard.readText.mockRejectedValue(new DOMException("no", "NotAllowedError"));
  expect(await readClipboard()).toBe("mine");
});
