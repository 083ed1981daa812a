// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Client } from "@/api/client";
import { emptyDocument } from "@/document/empty";
import { network } from "@/document/testing/networks";
import { createEditor } from "./editor";
import type { ServerCopy } from "./interface";
import { savingLabel } from "./label";
import { createRemote } from "./remote";

const ME = "a".repeat(32);
const YOU = "b".repeat(32);

/** The server's networks, as the API keeps them; it can be away, and its answers can get lost. */
class Networks {
  readonly kept = new Map<string, { owner: string; revision: number; text: string; before: number | null }>();
  readonly asked: string[] = [];
  away = false;
  answersLost = false;
  refuse: { status: number; code: string } | null = null;
  gate: Promise<void> | null = null;

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const method = init.method ?? "GET";
    this.asked.push(method);
    await this.gate;
    if (this.away) throw new TypeError("Failed to fetch");
    const answer = this.answer(method, url.split("/").at(-1)!, headers, String(init.body ?? ""));
    if (this.answersLost && method === "PUT") throw new TypeError("Failed to fetch");
    return answer;
  };

  answer(method: string, id: string, headers: Headers, text: string): Response {
    const found = this.kept.get(id);
    const owner = headers.get("Torchwire-Owner")!;
    const error = (status: number, code: string) =>
      Response.json({ error: { code, message: `${code}!`, fields: {} } }, { status });
    if (this.refuse) return error(this.refuse.status, this.refuse.code);
    if (method === "GET") {
      if (!found) return error(404, "not-found");
      const access = found.owner === owner ? "save" : "read";
      return new Response(found.text, { headers: { ETag: `"${found.revision}"`, "Torchwire-Access": access } });
    }
    const match = headers.get("If-Match");
    const seen = match === null ? null : Number(match.slice(1, -1));
    if (!found && seen !== null) return error(404, "not-found");
    if (found && found.owner !== owner) return error(403, "not-yours");
    const again = found?.text === text && found.before === seen;
    if (found && found.revision !== seen && !again) return error(409, "stale");
    const revision = again ? found!.revision : (found?.revision ?? 0) + 1;
    this.kept.set(id, { owner, revision, text, before: seen });
    return Response.json({ revision });
  }
}

function openTab(
  server: Networks,
  options: { document?: object; id?: string; copy?: ServerCopy; owner?: string } = {},
) {
  const editor = createEditor(emptyDocument());
  if (options.document) editor.load(options.document as never, { id: options.id, server: options.copy });
  const client = new Client({ fetch: server.fetch as typeof fetch, session: "test" });
  const kept: unknown[] = [];
  const remote = createRemote(editor, client, options.owner ?? ME, async () => void kept.push(editor.state().document));
  const stop = remote.start();
  return {
    editor,
    remote,
    stop,
    kept,
    seed: (value: number) => editor.dispatch({ kind: "head", field: "seed", value }),
    status: () => remote.store.getState().status,
    there: () => JSON.parse(server.kept.get(editor.state().id)!.text),
  };
}

/** Holds the server's answers back until the returned function is called. */
function held(server: Networks): () => void {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  server.gate = gate;
  return open;
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("an edit is saved a short while after the last one, and again under the revision that came back", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  tab.seed(1);
  tab.seed(2);
  expect(tab.status()).toBe("pending");
  await pass(1);
  expect(server.asked).toEqual([]);
  await pass(1);
  expect(server.asked).toEqual(["PUT"]);
  expect(tab.status()).toBe("saved");
  expect(tab.editor.state().server).toEqual({ revision: 1, dirty: false });
  tab.seed(3);
  await pass(2);
  expect(tab.there()).toEqual({ ...network("LeNet"), seed: 3 });
  expect(Object.keys(tab.there().nodes)).toEqual(Object.keys(network("LeNet").nodes));
  expect(tab.editor.state().server.revision).toBe(2);
  expect(tab.editor.state().canUndo).toBe(true);
});

test("who leaves the page is saved at once, in a request that outlives it", async () => {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("document", page);
  const server = new Networks();
  const sent = vi.spyOn(server, "fetch");
  const tab = openTab(server, { document: network("LeNet") });
  const go = (state: string) => {
    page.visibilityState = state;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  go("hidden"); // nothing was edited
  go("visible");
  tab.seed(7);
  await pass(0.1);
  expect(server.asked).toEqual([]);
  go("hidden");
  expect(sent.mock.lastCall![1]).toMatchObject({ method: "PUT", keepalive: true });
  await pass(0);
  expect(tab.there().seed).toBe(7);
  expect(tab.status()).toBe("saved");
  tab.stop();
  vi.unstubAllGlobals();
});

test("who goes on editing is saved all the same", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  for (let n = 0; n < 12; n += 1) {
    tab.seed(n + 100);
    await pass(1);
  }
  expect(server.kept.size).toBe(1);
});

test("what is only looked at is not saved, nor an empty network", async () => {
  const server = new Networks();
  const tab = openTab(server);
  tab.seed(3);
  await pass(5);
  tab.editor.load(network("VAE"));
  tab.editor.settle({ x: [10, 20] });
  await pass(5);
  expect(server.asked).toEqual([]);
  expect(tab.status()).toBe("local");
});

test("while the server is away the label says so, and it is saved when it is back", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  const label = () => savingLabel({ status: "saved", at: 1, message: null }, tab.remote.store.getState(), "idle");
  expect(label()).toBe("Saved in this browser");
  server.away = true;
  tab.seed(1);
  expect(label()).toBe("Saving");
  await pass(2);
  expect(label()).toBe("Offline, kept on this device");
  tab.seed(2);
  expect(label()).toBe("Offline, kept on this device");
  await pass(60);
  expect(server.asked.length).toBeLessThan(7); // tried again, ever more seldom
  server.away = false;
  await pass(31);
  expect(label()).toBe("Saved");
  expect(tab.there().seed).toBe(2);
});

test("a save whose answer got lost is sent again and is one", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  server.answersLost = true;
  tab.seed(1);
  await pass(2);
  expect(tab.status()).toBe("offline");
  server.answersLost = false;
  await pass(3);
  expect(tab.editor.state().server).toEqual({ revision: 1, dirty: false });
});

test("after a reload one's own lost answer is no conflict, also when edits have come since", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  server.answersLost = true;
  tab.seed(1);
  await pass(2);
  tab.stop();
  server.answersLost = false;
  const { id, document, server: copy } = tab.editor.state();
  const again = openTab(server, { document, id, copy });
  again.seed(2);
  await pass(4);
  expect(again.status()).toBe("saved");
  expect(again.there().seed).toBe(2);
  expect(again.editor.state().server.revision).toBe(2);
});

async function conflicting() {
  const server = new Networks();
  const one = openTab(server, { document: network("LeNet") });
  one.seed(1);
  await pass(2);
  const { id, document, server: copy } = one.editor.state();
  const two = openTab(server, { document, id, copy });
  two.seed(2);
  await pass(2);
  one.seed(11);
  await pass(2);
  expect(one.status()).toBe("conflict");
  expect(savingLabel({ status: "saved", at: 1, message: null }, one.remote.store.getState(), "idle")).toBe("Conflict");
  expect(one.there().seed).toBe(2);
  return { server, one, two, id };
}

test("a conflict overwrites nothing; mine goes on as a copy", async () => {
  const { server, one, id } = await conflicting();
  const asked = server.asked.length;
  one.seed(12);
  await pass(20);
  expect(server.asked.length).toBe(asked); // nothing is tried until the person has chosen
  expect(one.there().seed).toBe(2);
  one.remote.keepMine();
  await pass(2);
  expect(one.status()).toBe("saved");
  expect(one.editor.state().id).not.toBe(id);
  expect(one.there().seed).toBe(12);
  expect(JSON.parse(server.kept.get(id)!.text).seed).toBe(2);
  expect(one.editor.state().canUndo).toBe(true);
});

test("a conflict overwrites nothing; theirs opens, and mine is kept in the browser first", async () => {
  const { one, id } = await conflicting();
  await one.remote.openTheirs();
  expect(one.kept).toEqual([{ ...network("LeNet"), seed: 11 }]);
  expect(one.editor.state()).toMatchObject({ id, server: { revision: 2, dirty: false } });
  expect(one.editor.state().document.seed).toBe(2);
  one.seed(3);
  await pass(2);
  expect(one.there().seed).toBe(3);
});

test("a link opens one's own network to go on, and another's as a copy", async () => {
  const server = new Networks();
  const mine = openTab(server, { document: network("LeNet") });
  mine.seed(1);
  await pass(2);
  const { id } = mine.editor.state();

  const later = openTab(server);
  expect(await later.remote.open(id)).toEqual({ copy: false });
  later.seed(5);
  await pass(2);
  expect(mine.there().seed).toBe(5);

  const you = openTab(server, { owner: YOU });
  expect(await you.remote.open(id)).toEqual({ copy: true });
  expect(you.editor.state().id).not.toBe(id);
  await pass(5);
  expect(server.kept.size).toBe(1);
  you.seed(6);
  await pass(2);
  expect(mine.there().seed).toBe(5);
  expect(you.there().seed).toBe(6);
  await expect(you.remote.open("nix")).rejects.toThrow("no network behind this link");
});

test("a link is given only of what the server has", async () => {
  vi.stubGlobal("location", { origin: "http://lab:8000" });
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  expect(await tab.remote.link()).toBe(`http://lab:8000/?network=${tab.editor.state().id}`);
  expect(tab.there()).toEqual(network("LeNet"));
  tab.seed(4);
  await tab.remote.link();
  expect(tab.there().seed).toBe(4);
  server.away = true;
  tab.seed(5);
  await expect(tab.remote.link()).rejects.toThrow("does not answer");
  await expect(openTab(server).remote.link()).rejects.toThrow("nothing to link to");
  vi.unstubAllGlobals();
});

test("deleted on the server and edited here: it is there again", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  tab.seed(1);
  await pass(2);
  server.kept.clear();
  tab.seed(2);
  await pass(4);
  expect(tab.status()).toBe("saved");
  expect(tab.there().seed).toBe(2);
});

test("a network that turned out to be another's goes on as a copy", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  const { id } = tab.editor.state();
  server.kept.set(id, { owner: YOU, revision: 1, text: "{}", before: null });
  tab.seed(2);
  await pass(4);
  expect(tab.status()).toBe("saved");
  expect(tab.editor.state().id).not.toBe(id);
  expect(server.kept.get(id)!.text).toBe("{}");
});

test("what the server does not take is said, and the next change is tried again", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  server.refuse = { status: 413, code: "body-too-large" };
  tab.seed(1);
  await pass(2);
  expect(tab.remote.store.getState()).toEqual({ status: "refused", message: "body-too-large!" });
  expect(savingLabel({ status: "saved", at: 1, message: null }, tab.remote.store.getState(), "idle")).toBe(
    "Kept on this device only",
  );
  await pass(60);
  expect(server.asked.length).toBe(1);
  server.refuse = null;
  tab.seed(2);
  await pass(2);
  expect(tab.status()).toBe("saved");
});

test("an edit while a save is under way is not called saved before it is", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  tab.seed(1);
  const open = held(server);
  await pass(1.6);
  tab.seed(2);
  open();
  await pass(0.1);
  expect(tab.there().seed).toBe(1);
  expect(tab.status()).toBe("pending");
  await pass(2);
  expect(tab.status()).toBe("saved");
  expect(tab.there().seed).toBe(2);
});

test("a document that was opened meanwhile gets nothing of the answer", async () => {
  const server = new Networks();
  const tab = openTab(server, { document: network("LeNet") });
  tab.seed(1);
  const open = held(server);
  await pass(2);
  tab.editor.load(network("VAE"));
  open();
  await pass(1);
  expect(tab.editor.state().server).toEqual({ revision: null, dirty: false });
  expect(tab.status()).toBe("local");
});
