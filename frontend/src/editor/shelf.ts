/** Where the browser keeps documents: IndexedDB, one key for each document and tab. */
import { createStore, delMany, entries, get, type UseStore, update } from "idb-keyval";
import type { NetworkDoc } from "@/document/document";
import type { ServerCopy } from "./interface";

export interface Kept {
  /** The document's name in this store. */
  id: string;
  /** The tab that keeps it. */
  tab: string;
  /** The page load that wrote it last: a duplicated tab has the same name and another writer. */
  writer: string;
  at: number;
  document: NetworkDoc;
  /** What the server has of it; not there in what older versions of the page have kept. */
  server?: ServerCopy;
}

export interface Shelf {
  get(key: string): Promise<Kept | undefined>;
  /** Writes unless somebody else has written since; says whether it was written. Never overwrites another's work. */
  put(key: string, kept: Kept, mayReplace: (old: Kept | undefined) => boolean): Promise<boolean>;
  all(): Promise<[string, Kept][]>;
  remove(keys: string[]): Promise<void>;
}

/** The shelf in IndexedDB. Its calls fail where the browser has none, or no room. */
export function browserShelf(): Shelf {
  let opened: UseStore | undefined;
  const store = () => {
    opened ??= createStore("torchwire", "documents");
    return opened;
  };
  return {
    get: (key) => get<Kept>(key, store()),
    all: () => entries<string, Kept>(store()),
    remove: (keys) => delMany(keys, store()),
    async put(key, kept, mayReplace) {
      let written = false;
      await update<Kept>(
        key,
        (old) => {
          written = mayReplace(old);
          return written ? kept : old!;
        },
        store(),
      );
      return written;
    },
  };
}
