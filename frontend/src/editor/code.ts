/**
 * The network as code, kept in step with the document while somebody looks at it.
 *
 * Does: asks the server for the text when the document changes, the newest wins; keeps the old text, marked stale.
 * Does not: ask while nobody looks, or change the document.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Client } from "@/api/client";
import { ApiError, Unreachable } from "@/api/errors";
import type { FileFormat, ImportInput, TextFormat } from "@/api/files";
import { isObject, type NetworkDoc } from "@/document/document";
import { Refusal } from "@/document/refusal";
import { engineText } from "@/document/text";
import type { EditorStore } from "./editor";
import { downloadFile } from "./files";
import type { Source } from "./importing";

/** A pause in typing, in ms, after which the code is asked for: the results on the canvas come first. */
export const PAUSE = 250;
/** How long, in ms, until a server that is away or busy is asked again. */
const AGAIN = 2_000;

export type CodeFormat = "python" | "script";

export interface CodeState {
  format: CodeFormat;
  /** The newest code there was; null before the first. */
  text: string | null;
  filename: string;
  /** The document has changed since, or has errors. */
  stale: boolean;
  /** Why there is no code for the document as it is. */
  refusal: string | null;
  /** A person's own version of the text, until it is applied or discarded. */
  draft: { format: CodeFormat; text: string } | null;
}

export interface Code {
  store: StoreApi<CodeState>;
  /** Keeps the code in step with the document until the returned function is called. */
  follow(): () => void;
  setFormat(format: CodeFormat): void;
  /** Begins a draft with the text there is. */
  edit(): void;
  write(text: string): void;
  discard(): void;
  /** The draft as a source, with what the document in hand says of its inputs; null without a draft. */
  source(): Source | null;
  /** Gives the network to the browser as a file. Throws Refusal with the reason why not. */
  download(format: TextFormat | FileFormat): Promise<void>;
}

export function createCode(editor: EditorStore, client: Client): Code {
  const store = createStore<CodeState>(() => ({
    format: "python",
    text: null,
    filename: "",
    stale: false,
    refusal: null,
    draft: null,
  }));
  let followers = 0;
  let shown = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let controller: AbortController | null = null;

  const wanted = () => `${store.getState().format} ${engineText(editor.state().document)}`;

  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), ms);
  };

  const changed = () => {
    if (wanted() === shown) {
      clearTimeout(timer);
      controller?.abort();
      controller = null;
      store.setState({ stale: store.getState().refusal !== null });
      return;
    }
    store.setState({ stale: true });
    later(PAUSE);
  };

  const ask = async () => {
    const asked = wanted();
    const { format } = store.getState();
    controller?.abort();
    const own = new AbortController();
    controller = own;
    try {
      const found = await client.export(engineText(editor.state().document), format, own.signal);
      if (controller !== own) return;
      controller = null;
      shown = asked;
      if (found.content === null) {
        store.setState({ stale: true, refusal: reason(found.problems) });
      } else {
        store.setState({ text: found.content, filename: found.filename, stale: false, refusal: null });
      }
    } catch (error) {
      if (controller !== own) return;
      controller = null;
      const gone = error instanceof Unreachable || (error instanceof ApiError && error.status === 503);
      if (gone) later(AGAIN);
      else store.setState({ refusal: error instanceof Error ? error.message : String(error) });
    }
  };

  return {
    store,

    follow() {
      followers += 1;
      const unsubscribe = editor.store.subscribe((now, before) => {
        if (now.document !== before.document) changed();
      });
      if (wanted() !== shown) later(0);
      return () => {
        followers -= 1;
        unsubscribe();
        if (followers > 0) return;
        clearTimeout(timer);
        controller?.abort();
        controller = null;
      };
    },

    setFormat(format) {
      if (store.getState().format === format) return;
      store.setState({ format, text: null });
      shown = "";
      if (followers > 0) later(0);
    },

    edit() {
      const { format, text } = store.getState();
      if (text !== null) store.setState({ draft: { format, text } });
    },

    write(text) {
      const { draft } = store.getState();
      if (draft !== null) store.setState({ draft: { ...draft, text } });
    },

    discard: () => store.setState({ draft: null }),

    source() {
      const { draft } = store.getState();
      if (draft === null) return null;
      const opened = () => store.setState({ draft: null });
      // A script says all of it itself, and may be changed there.
      if (draft.format === "script") return { format: "python", content: draft.text, opened };
      const { document } = editor.state();
      return {
        format: "python",
        content: draft.text,
        inputs: inputsOf(document),
        training: document.training === true,
        ...(typeof document.seed === "number" ? { seed: document.seed } : {}),
        opened,
      };
    },

    async download(format) {
      try {
        await give(engineText(editor.state().document), format);
      } catch (error) {
        if (error instanceof ApiError || error instanceof Unreachable) throw new Refusal(error.message);
        throw error;
      }
    },
  };

  async function give(network: string, format: TextFormat | FileFormat): Promise<void> {
    if (format === "state" || format === "onnx") {
      const found = await client.exportFile(network, format);
      if (!("bytes" in found)) throw new Refusal(reason(found.problems));
      downloadFile(found.bytes, found.filename, "application/octet-stream");
      return;
    }
    const found = await client.export(network, format);
    if (found.content === null) throw new Refusal(reason(found.problems));
    downloadFile(found.content, found.filename, found.media_type);
  }
}

/** What the document's Inputs are, where it is written as it is: the code of a module does not say it. */
function inputsOf({ nodes }: NetworkDoc): Record<string, ImportInput> {
  const found = Object.entries(nodes).flatMap(([key, { type, params }]): [string, ImportInput][] => {
    if (type !== "Input" || !isObject(params)) return [];
    const known = Object.entries(params).filter(([name, value]) => INPUT.has(name) && !isObject(value));
    const { shape } = params;
    const said = shape === undefined || (Array.isArray(shape) && shape.every(Number.isInteger));
    return said ? [[key, Object.fromEntries(known)]] : [];
  });
  return Object.fromEntries(found);
}

const INPUT = new Set(["shape", "dtype", "fill", "low", "high", "values"]);

/** Why there is no code: the first error, in its own words. */
function reason(problems: readonly { severity: string; message: string }[]): string {
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors.length > 0 ? errors : problems;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return first ? `${first.message}${more}` : "The server gave no code.";
}
