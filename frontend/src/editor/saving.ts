/**
 * Saving: every change goes to the browser's store at once, under a key of this document and this tab.
 *
 * Does: restore what this tab had; keep a list of recent documents; say truly whether the newest change is kept.
 * Does not: ever write over what another tab, or another load of this tab, has written since.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { randomId } from "@/api/session";
import { titleOf } from "@/document/document";
import { readDocument } from "@/document/read";
import type { EditorStore } from "./editor";
import type { RecentDocument, SavingState } from "./interface";
import { browserShelf, type Kept, type Shelf } from "./shelf";

/** More documents than this are not kept: the oldest go. */
const MOST = 50;

export interface Saving {
  store: StoreApi<SavingState>;
  /** Restores what this tab had open, then keeps every change. The returned function ends it. */
  start(): Promise<() => void>;
  /** What this browser keeps, newest first, the document in hand left out. */
  recents(): Promise<RecentDocument[]>;
  /** Opens one of them; what is in hand stays in the list. */
  openRecent(key: string): Promise<void>;
  forget(key: string): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** What this tab remembers through a reload. Not there in some privacy modes: then a reload begins anew. */
export interface TabMemory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const TAB = "torchwire-tab";
const OPEN = "torchwire-open";

export function createSaving(
  editor: EditorStore,
  shelf: Shelf = browserShelf(),
  memory: TabMemory = tabMemory(),
  now: () => number = Date.now,
): Saving {
  const store = createStore<SavingState>(() => ({ status: "saved", at: null, message: null }));
  const writer = randomId();
  let tab = memory.getItem(TAB) ?? randomId();
  let next: Pick<Kept, "id" | "document" | "server"> | null = null;
  let writing: Promise<void> | null = null;
  /** What this load has seen under its keys: only that may be replaced. */
  const seen = new Map<string, number>();

  const keyOf = (id: string) => `${id}/${tab}`;

  const keep = () => {
    const { id, document, server } = editor.state();
    next = { id, document, server };
    store.setState({ status: "saving", message: null });
    writing ??= write();
  };

  const write = async () => {
    while (next) {
      const taken = next;
      next = null;
      try {
        const at = now();
        await put({ ...taken, tab, writer, at });
        if (next === null) store.setState({ status: "saved", at, message: null });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const message = `This browser does not keep the document (${reason}). Save it as a file.`;
        if (next === null) store.setState({ status: "unsaved", message });
      }
    }
    writing = null; // at once, not in a later turn: a change between the two would wait for ever
  };

  const put = async (kept: Kept) => {
    const key = keyOf(kept.id);
    const mine = (old: Kept | undefined) => !old || old.writer === writer || old.at === seen.get(key);
    if (await shelf.put(key, kept, mine)) {
      seen.set(key, kept.at);
      memory.setItem(OPEN, kept.id);
      return;
    }
    // Somebody else writes under this tab's name: a duplicated tab. This one takes a name of its own, and what it has in
    // hand becomes a copy, on the server too.
    tab = randomId();
    memory.setItem(TAB, tab);
    if (editor.state().id === kept.id) editor.fork();
    else await put({ ...kept, tab });
  };

  const restore = async () => {
    const id = memory.getItem(OPEN);
    memory.setItem(TAB, tab);
    if (id === null) return;
    const key = keyOf(id);
    const kept = await shelf.get(key);
    if (!kept) return;
    seen.set(key, kept.at);
    editor.load(readDocument(kept.document), { id, server: kept.server });
    store.setState({ status: "saved", at: kept.at, message: null });
  };

  const all = async (): Promise<[string, Kept][]> => {
    const found = await shelf.all();
    return found.sort(([, a], [, b]) => b.at - a.at);
  };

  const tidy = async () => {
    const old = (await all()).slice(MOST).map(([key]) => key);
    if (old.length > 0) await shelf.remove(old);
  };

  return {
    store,

    async start() {
      try {
        await restore();
        await tidy();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        store.setState({
          status: "unsaved",
          message: `This browser keeps no documents (${reason}). Save yours as a file.`,
        });
      }
      return editor.store.subscribe((state, before) => {
        if (state.document !== before.document || state.id !== before.id || state.server !== before.server) keep();
      });
    },

    async recents() {
      const open = editor.state().id;
      const newest = new Map<string, RecentDocument>();
      for (const [key, { id, at, document }] of await all()) {
        const nodes = Object.keys(document.nodes).length;
        if (id === open || nodes === 0 || newest.has(id)) continue;
        newest.set(id, { key, id, title: titleOf(document) || "Untitled", at, nodes });
      }
      return [...newest.values()];
    },

    async openRecent(key: string) {
      const kept = await shelf.get(key);
      if (!kept) throw new Error("This document is no longer kept here.");
      if (key === keyOf(kept.id)) seen.set(key, kept.at);
      editor.load(readDocument(kept.document), { id: kept.id, server: kept.server });
    },

    async forget(key: string) {
      await shelf.remove([key]);
    },

    async settled() {
      while (writing) await writing;
    },
  };
}

function tabMemory(): TabMemory {
  try {
    sessionStorage.getItem(TAB);
    return sessionStorage;
  } catch {
    const kept = new Map<string, string>();
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
  }
}
