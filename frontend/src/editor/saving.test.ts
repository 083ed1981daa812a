// @vitest-environment node
import { expect, test } from "vitest";
import { emptyDocument } from "@/document/empty";
import { network } from "@/document/testing/networks";
import { createEditor } from "./editor";
import type { RemoteState } from "./interface";
import { savingLabel } from "./label";
import { createSaving } from "./saving";
import { MemoryShelf, TabStorage } from "./testing/shelf";

const LOCAL: RemoteState = { status: "local", message: null };
let clock = 1000;

async function openTab(shelf: MemoryShelf, memory = new TabStorage()) {
  const editor = createEditor(emptyDocument());
  const saving = createSaving(editor, shelf, memory, () => (clock += 1));
  const stop = await saving.start();
  const seed = (value: number) => editor.dispatch({ kind: "head", field: "seed", value });
  return { editor, saving, memory, stop, seed, status: () => saving.store.getState().status };
}

test("a change is kept at once, and a reload brings it back", async () => {
  const shelf = new MemoryShelf();
  const tab = await openTab(shelf);
  tab.editor.load(network("LeNet"));
  tab.seed(7);
  expect(tab.status()).toBe("saving");
  await tab.saving.settled();
  expect(tab.status()).toBe("saved");
  tab.stop();

  const again = await openTab(shelf, tab.memory);
  expect(again.editor.state().document).toEqual({ ...network("LeNet"), seed: 7 });
  expect(again.editor.state().id).toBe(tab.editor.state().id);
  expect(again.status()).toBe("saved");
});

test("what is written while a write is under way is one write, of the newest", async () => {
  const shelf = new MemoryShelf();
  const tab = await openTab(shelf);
  let open = () => {};
  shelf.gate = new Promise((resolve) => {
    open = resolve;
  });
  const said: string[] = [];
  tab.saving.store.subscribe(({ status }) => said.push(status));
  for (let n = 0; n < 20; n += 1) tab.seed(n + 100);
  expect(tab.status()).toBe("saving");
  open();
  await tab.saving.settled();
  expect(shelf.writes).toBe(2);
  expect(said.indexOf("saved")).toBe(said.length - 1); // never between the two
  expect([...shelf.kept.values()].map(({ document }) => document.seed)).toEqual([119]);
});

test("a change that comes just as the one before it is kept is written too", async () => {
  const tab = await openTab(new MemoryShelf());
  // As the page does that draws what "saved" says, and settles the places of nodes then.
  let more = 3;
  tab.saving.store.subscribe(({ status }) => {
    if (status === "saved" && more-- > 0) queueMicrotask(() => tab.seed(200 + more));
  });
  tab.seed(1);
  await new Promise((resolve) => setTimeout(resolve));
  await tab.saving.settled();
  expect([more, tab.status()]).toEqual([-1, "saved"]);
});

test("the label never says saved of what is not kept", async () => {
  const shelf = new MemoryShelf();
  const tab = await openTab(shelf);
  shelf.broken = new Error("no room");
  tab.seed(1);
  await tab.saving.settled();
  expect(tab.saving.store.getState()).toMatchObject({ status: "unsaved" });
  expect(tab.saving.store.getState().message).toContain("no room");
  expect(savingLabel(tab.saving.store.getState(), LOCAL, "idle")).toBe("Not saved");
  shelf.broken = null;
  tab.seed(2);
  await tab.saving.settled();
  const state = tab.saving.store.getState();
  expect(state).toMatchObject({ status: "saved", message: null });
  expect(savingLabel(state, LOCAL, "idle")).toBe("Saved in this browser");
  expect(savingLabel(state, LOCAL, "offline")).toBe("Offline, kept on this device");
  expect(savingLabel({ ...state, status: "saving" }, LOCAL, "offline")).toBe("Saving");
});

test("a browser without a store still edits, and says that nothing is kept", async () => {
  const shelf = new MemoryShelf();
  shelf.broken = new Error("IndexedDB is off");
  const tab = await openTab(shelf, new TabStorage());
  tab.memory.setItem("torchwire-open", "something");
  const again = await openTab(shelf, tab.memory);
  expect(again.status()).toBe("unsaved");
  again.seed(3);
  expect(again.editor.state().document.seed).toBe(3);
});

test("two tabs with one document keep a copy each", async () => {
  const shelf = new MemoryShelf();
  const one = await openTab(shelf);
  one.editor.load(network("LeNet"));
  await one.saving.settled();
  const two = await openTab(shelf);
  const [recent] = await two.saving.recents();
  await two.saving.openRecent(recent!.key);
  two.seed(2);
  await two.saving.settled();
  one.seed(1);
  await one.saving.settled();
  expect([...shelf.kept.values()].map(({ document }) => document.seed).sort()).toEqual([1, 2]);
});

test("a duplicated tab does not write over the other one's work", async () => {
  const shelf = new MemoryShelf();
  const one = await openTab(shelf);
  one.editor.load(network("LeNet"));
  await one.saving.settled();
  const two = await openTab(shelf, one.memory.duplicate());
  one.seed(1);
  await one.saving.settled();
  two.seed(2); // stale: it has seen the document before the other's change
  await two.saving.settled();
  expect(two.status()).toBe("saved");
  expect([...shelf.kept.values()].map(({ document }) => document.seed).sort()).toEqual([1, 2]);
  one.seed(3);
  await one.saving.settled();
  expect([...shelf.kept.values()].map(({ document }) => document.seed).sort()).toEqual([2, 3]);
  const reloaded = await openTab(shelf, two.memory);
  expect(reloaded.editor.state().document.seed).toBe(2);
});

test("opening never replaces what is open: it stays in the list", async () => {
  const shelf = new MemoryShelf();
  const tab = await openTab(shelf);
  tab.editor.load({ ...network("LeNet"), name: "Mine" });
  tab.seed(9);
  await tab.saving.settled();
  tab.editor.load({ ...network("VAE"), name: "Example" });
  await tab.saving.settled();
  const recents = await tab.saving.recents();
  expect(recents.map(({ title }) => title)).toEqual(["Mine"]);
  await tab.saving.openRecent(recents[0]!.key);
  expect(tab.editor.state().document).toMatchObject({ name: "Mine", seed: 9 });
  await tab.saving.settled();
  expect((await tab.saving.recents()).map(({ title }) => title)).toEqual(["Example"]);
  await tab.saving.forget((await tab.saving.recents())[0]!.key);
  expect(await tab.saving.recents()).toEqual([]);
});

test("an empty document is not worth a line in the list, and old ones go", async () => {
  const shelf = new MemoryShelf();
  const tab = await openTab(shelf);
  tab.seed(5);
  await tab.saving.settled();
  for (let n = 0; n < 60; n += 1) {
    tab.editor.load({ ...network("LeNet"), name: `Net ${n}` });
    await tab.saving.settled();
  }
  expect(shelf.kept.size).toBe(61);
  const later = await openTab(shelf);
  expect(shelf.kept.size).toBe(50);
  const titles = (await later.saving.recents()).map(({ title }) => title);
  expect(titles[0]).toBe("Net 59");
  expect(titles).not.toContain("Net 0");
});
