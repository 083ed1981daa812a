/**
 * Live results: the newest answer for the document in hand.
 *
 * Does: posts the document when something changes that the engine reads, the newest wins; keeps the old answer, marked
 * stale, meanwhile, but never that of another document; notices that the server is away, tries again, and recovers by itself.
 * Does not: change the document, or keep an answer beyond the newest.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Client, ForwardOptions } from "@/api/client";
import { ApiError, Unreachable } from "@/api/errors";
import type { Tensor } from "@/api/safetensors";
import { openFor, pathOf } from "@/document/paths";
import { engineText } from "@/document/text";
import { badgesOf, byPath, nodesOf, problemsOf } from "./answers";
import type { EditorStore } from "./editor";
import type { ResultsState } from "./interface";
import { TensorCache } from "./tensors";

/** While typing, one request in this many ms; a first change goes at once. */
export const PAUSE = 40;
/** The first wait, in ms, before a server that is away is asked again; doubled up to LONGEST. */
const SHORTEST = 500;
const LONGEST = 4_000;
/** How often, in ms, a server is asked whether it is there while nothing else is asked. */
export const HEARTBEAT = 5_000;
/** After so many ms without an answer the server counts as away; its own deadlines are far shorter. */
const PATIENCE = 60_000;
/** Outputs and parameters of selected nodes come with the answer up to this many elements. */
const SMALL = 4_096;

export interface Results {
  store: StoreApi<ResultsState>;
  /** Begins to follow the editor; the returned function ends it. */
  start(): () => void;
  /** Another draw of what is random in the run (dropout), or 0 for the document's own. */
  setDraw(draw: number): void;
  /**
   * A whole tensor of the newest answer, by its name from the top: "conv1.output", "stage1.0.fc.weight". Throws
   * ApiError, Unreachable, or Error where the answer has no such tensor.
   */
  fetchTensor(name: string): Promise<Tensor>;
}

interface Request {
  network: string;
  open: string[];
  draw: number;
}

export const NO_RESULTS: ResultsState = {
  answer: null,
  nodes: new Map(),
  list: [],
  problems: new Map(),
  badges: new Map(),
  totals: null,
  phase: "idle",
  stale: false,
  ms: null,
  refusal: null,
  draw: 0,
  revision: 0,
};

export function createResults(editor: EditorStore, client: Client): Results {
  const store = createStore<ResultsState>(() => NO_RESULTS);
  const tensors = new TensorCache(client);
  let wanted: Request | null = null;
  let answered: Request | null = null;
  let controller: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  let heart: ReturnType<typeof setTimeout> | undefined;
  let sentAt = Number.NEGATIVE_INFINITY;
  let wait = SHORTEST;

  const request = (): Request => {
    const { document, use } = editor.state();
    return { network: engineText(document), open: openFor(document, use), draw: store.getState().draw };
  };

  /** Something may have changed. */
  const changed = () => {
    const next = request();
    if (wanted && equal(next, wanted)) return;
    wanted = next;
    if (answered && equal(next, answered)) {
      // Back to what is shown already: undo while the other answer was under way.
      controller?.abort();
      controller = null;
      const { phase } = store.getState();
      if (phase !== "offline") cancel();
      store.setState({ phase: phase === "offline" ? phase : "idle", stale: false, refusal: null });
      return;
    }
    const { answer, phase } = store.getState();
    store.setState({ stale: answer !== null, phase: phase === "offline" ? phase : "computing" });
    later(Math.max(0, sentAt + PAUSE - performance.now()));
  };

  /** Another document is in hand: of it nothing is known, and what was known is of no use to it. */
  const forget = () => {
    controller?.abort();
    controller = null;
    wanted = null;
    answered = null;
    const { phase, draw, revision } = store.getState();
    store.setState({ ...NO_RESULTS, phase, draw, revision });
  };

  /** Sends after so many ms; a send that is due sooner stays. */
  const later = (ms: number) => {
    const at = performance.now() + ms;
    if (timer !== undefined && due <= at) return;
    cancel();
    if (ms <= 0) {
      void send();
      return;
    }
    due = at;
    timer = setTimeout(() => {
      timer = undefined;
      void send();
    }, ms);
  };

  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };

  const send = async () => {
    if (!wanted) return;
    const asked = wanted;
    controller?.abort();
    const own = new AbortController();
    controller = own;
    sentAt = performance.now();
    const { document } = editor.state();
    const limit = setTimeout(() => own.abort(new Unreachable("The server does not answer in time.")), PATIENCE);
    try {
      const { value, ms } = await client.forward(asked.network, options(asked), own.signal);
      if (controller !== own) return;
      controller = null;
      wait = SHORTEST;
      answered = asked;
      tensors.follow(asked.network, asked.draw, value);
      const old = store.getState();
      const list = problemsOf(value, old.list);
      store.setState({
        answer: value,
        nodes: nodesOf(value, old.nodes),
        list,
        problems: byPath(list, old.problems),
        badges: badgesOf(list, document, old.badges),
        totals: value.totals,
        phase: wanted === asked ? "idle" : "computing",
        stale: wanted !== asked,
        ms,
        refusal: null,
        revision: old.revision + 1,
      });
    } catch (error) {
      if (controller !== own) return;
      controller = null;
      failed(error);
    } finally {
      clearTimeout(limit);
    }
  };

  const failed = (error: unknown) => {
    if (error instanceof Unreachable) {
      store.setState({ phase: "offline" });
      later(wait);
      wait = Math.min(wait * 2, LONGEST);
    } else if (error instanceof ApiError && error.code === "superseded") {
      // Requests may overtake each other on the way: this one is the newest and is sent again.
      later(PAUSE);
    } else if (error instanceof ApiError && error.status === 503) {
      store.setState({ phase: "computing", refusal: error.message });
      later((error.retryAfter ?? 1) * 1000);
    } else {
      store.setState({ phase: "idle", refusal: error instanceof Error ? error.message : String(error) });
    }
  };

  const options = (asked: Request): ForwardOptions => {
    const { document, graph, selection, use } = editor.state();
    const { nodes } = store.getState();
    const values: string[] = [];
    const parameters: string[] = [];
    for (const key of selection) {
      const path = pathOf(document, graph, use, key);
      const node = path === null ? undefined : nodes.get(path);
      if (path === null || !node) continue;
      if (Object.values(node.outputs).some(({ shape }) => shape && elements(shape) <= SMALL)) values.push(path);
      const weights = [...Object.values(node.parameters), ...Object.values(node.buffers)];
      if (weights.some(({ shape }) => elements(shape) <= SMALL)) parameters.push(path);
    }
    return {
      ...(values.length > 0 ? { values } : {}),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(asked.open.length > 0 ? { open: asked.open } : {}),
      ...(asked.draw !== 0 ? { draw: asked.draw } : {}),
    };
  };

  /** Asks whether the server is there while nothing else is asked, so that the page can say so before an edit does. */
  const beat = async () => {
    const { phase } = store.getState();
    if (phase === "idle" && controller === null && !globalThis.document?.hidden) {
      try {
        await client.health(AbortSignal.timeout(HEARTBEAT));
      } catch (error) {
        if (store.getState().phase === "idle" && !(error instanceof ApiError)) {
          store.setState({ phase: "offline" });
          later(wait);
        }
      }
    }
    heart = setTimeout(() => void beat(), HEARTBEAT);
  };

  const online = () => {
    if (store.getState().phase === "offline") later(0);
  };

  return {
    store,

    start() {
      const unsubscribe = editor.store.subscribe((now, before) => {
        if (now.id !== before.id && now.document !== before.document) forget();
        if (now.document !== before.document || now.use !== before.use) changed();
      });
      globalThis.addEventListener?.("online", online);
      heart = setTimeout(() => void beat(), HEARTBEAT);
      changed();
      return () => {
        unsubscribe();
        globalThis.removeEventListener?.("online", online);
        clearTimeout(heart);
        cancel();
        controller?.abort();
        controller = null;
        wanted = null;
      };
    },

    setDraw(draw: number) {
      store.setState({ draw });
      changed();
    },

    fetchTensor: (name) => tensors.fetch(name),
  };
}

function equal(a: Request, b: Request): boolean {
  return a.network === b.network && a.draw === b.draw && a.open.join() === b.open.join();
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
