/**
 * Saving on the server, beside the browser: a short while after a change, under If-Match.
 *
 * Does: save what was edited; send a save again whose answer got lost; say truly how far the server is. When another has
 * saved since, nothing is overwritten: the person chooses.
 * Does not: save what nobody has edited (an example that is looked at); keep anything in the browser (saving.ts does).
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Client } from "@/api/client";
import { ApiError, Unreachable } from "@/api/errors";
import { parseDocument } from "@/document/read";
import { Refusal } from "@/document/refusal";
import type { EditorStore } from "./editor";
import type { EditorState, RemoteState, ServerCopy } from "./interface";

/** A save comes this long after the last change, and at the latest this long after the first, in ms. */
const QUIET = 1_500;
const LATEST = 10_000;
/** The browser carries on with a request of a page that is gone up to 64 KiB of bodies; characters, two bytes at worst. */
const CARRIED = 30_000;
/** Seconds between two tries while the server is away: the last one goes on. */
const AGAIN = [2, 5, 10, 30];

export interface Remote {
  store: StoreApi<RemoteState>;
  start(): () => void;
  /** Opens a network of the server. One that is not one's own opens as a copy; says whether it did. */
  open(id: string): Promise<{ copy: boolean }>;
  /** After a conflict: what is in hand goes on as a network of its own. */
  keepMine(): void;
  /** After a conflict: opens what the server has. What was in hand stays in this browser, as a copy. */
  openTheirs(): Promise<void>;
  /** The address that opens the network in hand, once the server has it. Throws Refusal with the reason. */
  link(): Promise<string>;
}

export function createRemote(editor: EditorStore, client: Client, owner: string, kept: () => Promise<void>): Remote {
  const store = createStore<RemoteState>(() => ({ status: "local", message: null }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first: number | null = null;
  let failures = 0;
  let running: Promise<void> | null = null;

  const say = (status: RemoteState["status"], message: string | null = null) => store.setState({ status, message });
  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void push(), ms);
  };

  const changed = () => {
    const { status } = store.getState();
    if (status === "conflict") return;
    first ??= Date.now();
    if (status === "offline") return; // its own timer goes on
    say("pending");
    later(Math.max(0, Math.min(QUIET, first + LATEST - Date.now())));
  };

  const push = (leaving = false): Promise<void> => {
    clearTimeout(timer);
    running ??= save(leaving).finally(() => {
      running = null;
    });
    return running;
  };

  const save = async (leaving: boolean) => {
    const { id, document, server } = editor.state();
    first = null;
    if (!server.dirty) return;
    if (server.revision === null && Object.keys(document.nodes).length === 0) return say("local");
    const text = JSON.stringify(document);
    const here = () => editor.state().id === id;
    try {
      if (server.sent === undefined) editor.setServer({ ...server, sent: text });
      const revision = await client.saveNetwork(id, owner, text, server.revision, leaving && text.length < CARRIED);
      if (!here()) return;
      failures = 0;
      const dirty = editor.state().document !== document;
      editor.setServer({ revision, dirty });
      if (dirty) changed();
      else say("saved");
    } catch (error) {
      if (here()) await failed(error, id, text, server);
    }
  };

  const failed = async (error: unknown, id: string, text: string, server: ServerCopy) => {
    const status = error instanceof ApiError ? error.status : 0;
    if (error instanceof Unreachable || status === 503 || status === 408 || (status >= 500 && status !== 507)) {
      const wait = AGAIN[Math.min(failures, AGAIN.length - 1)]!;
      failures += 1;
      say(
        "offline",
        "The server does not answer. What you draw is kept on this device, and saved there as soon as it does.",
      );
      later(wait * 1_000);
    } else if (status === 409) {
      await met(id, text, server);
    } else if (status === 404) {
      // Deleted in another place, edited here: what is edited stays.
      editor.setServer({ revision: null, dirty: true });
      changed();
    } else if (error instanceof ApiError && error.code === "not-yours") {
      editor.fork();
    } else {
      say("refused", error instanceof Error ? error.message : String(error));
    }
  };

  /** The server has another revision: one's own save, whose answer got lost, or somebody else's. */
  const met = async (id: string, text: string, server: ServerCopy) => {
    try {
      const theirs = await client.network(id, owner);
      if (editor.state().id !== id) return;
      if (theirs.text === text || theirs.text === server.sent) {
        editor.setServer({ revision: theirs.revision, dirty: true });
        changed();
        return;
      }
      say("conflict", "This network was also changed elsewhere. Keep yours as a copy, or open the other one.");
    } catch (error) {
      if (editor.state().id === id) await failed(error, id, text, server);
    }
  };

  const arrived = ({ server }: EditorState) => {
    clearTimeout(timer);
    first = null;
    failures = 0;
    say(server.revision === null ? "local" : "saved");
    if (server.dirty) changed();
  };

  const follow = (state: EditorState, before: EditorState) => {
    if (state.id !== before.id) arrived(state);
    // Places that are found for nodes without any are no edit: a document that is only looked at is not saved.
    else if (state.document !== before.document && (state.server.dirty || state.canUndo || state.canRedo)) {
      if (!state.server.dirty) editor.setServer({ ...state.server, dirty: true });
      changed();
    }
  };

  const online = () => {
    if (store.getState().status === "offline") void push();
  };

  /** The page is left, or is out of sight and may never come back: what waits is saved now. */
  const left = () => {
    const hidden = globalThis.document?.visibilityState !== "visible";
    if (hidden && store.getState().status === "pending") void push(true);
  };

  return {
    store,

    start() {
      arrived(editor.state());
      const stop = editor.store.subscribe(follow);
      globalThis.addEventListener?.("online", online);
      globalThis.document?.addEventListener("visibilitychange", left);
      return () => {
        stop();
        clearTimeout(timer);
        globalThis.removeEventListener?.("online", online);
        globalThis.document?.removeEventListener("visibilitychange", left);
      };
    },

    async open(id: string) {
      const { text, revision, own } = await reached(() => client.network(id, owner));
      const document = parseDocument(text);
      if (own) editor.load(document, { id, server: { revision, dirty: false } });
      else editor.load(document);
      return { copy: !own };
    },

    keepMine() {
      if (store.getState().status === "conflict") editor.fork();
    },

    async openTheirs() {
      const { id } = editor.state();
      const { text, revision } = await reached(() => client.network(id, owner));
      const document = parseDocument(text);
      if (editor.state().id !== id) return;
      editor.fork();
      await kept();
      editor.load(document, { id, server: { revision, dirty: false } });
    },

    async link() {
      const { id, document, server } = editor.state();
      if (Object.keys(document.nodes).length === 0) throw new Refusal("There is nothing to link to yet.");
      if (server.revision === null && !server.dirty) editor.setServer({ ...server, dirty: true });
      await push();
      const { revision, dirty } = editor.state().server;
      if (editor.state().id !== id || revision === null || dirty) {
        throw new Refusal(store.getState().message ?? "The server does not have the newest changes yet.");
      }
      return `${location.origin}/?network=${id}`;
    },
  };
}

/** A refusal of the server in words for the person. */
async function reached<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      throw new Refusal("The server has no network behind this link, or not any more.");
    }
    if (error instanceof ApiError || error instanceof Unreachable) throw new Refusal(error.message);
    throw error;
  }
}
