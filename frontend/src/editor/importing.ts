/**
 * Source code on its way to a network: read by the server, asked about, opened.
 *
 * Does: asks the server, keeps its report and what it asks for, asks again with the answers, opens what came.
 * Does not: change the document in hand; opening puts another beside it in the list of recent ones.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Totals } from "@/api/answer";
import type { Client } from "@/api/client";
import { ApiError, Unreachable } from "@/api/errors";
import type { Imported, ImportInput, ImportRequest, Question } from "@/api/files";
import type { NetworkDoc } from "@/document/document";
import { Refusal } from "@/document/refusal";
import { readLiteral, readShape, type SourceFormat, withoutOutputs, writeLiteral } from "@/document/source";
import { engineText } from "@/document/text";
import type { EditorStore } from "./editor";

export interface Source {
  format: SourceFormat;
  content: string;
  /** The file's name. */
  name?: string;
  /** What is known of the inputs and the mode, where the source came from a network. */
  inputs?: Record<string, ImportInput>;
  training?: boolean;
  seed?: number;
  /** The network was opened. */
  opened?: () => void;
}

/** closed: nobody sees it; writing: the source in its text box; reading: the server has it; read: there is a report. */
export type ImportPhase = "closed" | "writing" | "reading" | "read";

/** A question with its answer as it was typed. */
export interface ImportField {
  question: Question;
  text: string;
  /** Of an input. */
  dtype: string;
  /** By a person: a guess for an input stays the server's to make anew. */
  touched: boolean;
  error: string | null;
}

export interface ImportState {
  phase: ImportPhase;
  source: Source;
  report: Imported | null;
  fields: readonly ImportField[];
  /** Which of the report's networks is to be opened. */
  chosen: number;
  /** Of the chosen one; null until they are known. */
  totals: Totals | null;
  /** Why there is no report: the server is away, or refuses. */
  failure: string | null;
}

export interface Importing {
  store: StoreApi<ImportState>;
  /** Shows the text box, with what was in it last. */
  begin(): void;
  /** The source as it is being typed. */
  write(content: string): void;
  /** Has a source read. Where nothing is to be said or asked, the network is opened at once. */
  read(source: Source): Promise<void>;
  /** Has the source in hand read again, with the answers; a wrong answer is marked instead. */
  again(): Promise<void>;
  answer(index: number, change: { text?: string; dtype?: string }): void;
  choose(index: number): void;
  /** Opens the chosen network as a new document. */
  open(): void;
  close(): void;
}

const EMPTY: Source = { format: "python", content: "" };

export function createImporting(editor: Pick<EditorStore, "load">, client: Client): Importing {
  const store = createStore<ImportState>(() => ({
    phase: "closed",
    source: EMPTY,
    report: null,
    fields: [],
    chosen: 0,
    totals: null,
    failure: null,
  }));
  let controller: AbortController | null = null;

  const ask = async (fields: readonly ImportField[]) => {
    controller?.abort();
    const own = new AbortController();
    controller = own;
    const { source } = store.getState();
    store.setState({ phase: "reading", failure: null });
    try {
      const report = await client.import(requestOf(source, fields), own.signal);
      if (controller !== own) return;
      store.setState({ phase: "read", report, fields: merged(fields, report), chosen: 0, totals: null });
      const silent = report.problems.length + report.questions.length + fields.length === 0;
      if (silent && report.networks.length === 1) open();
      else await count();
    } catch (error) {
      if (controller !== own) return;
      if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
      store.setState({ phase: "read", report: null, failure: error.message });
    }
  };

  /** How many parameters the chosen network has: torch counts them. */
  const count = async () => {
    const { report, chosen } = store.getState();
    const network = report?.networks[chosen];
    if (network === undefined || controller === null) return;
    try {
      const { totals } = await client.analyze(engineText(network), controller.signal);
      if (store.getState().report === report && store.getState().chosen === chosen) store.setState({ totals });
    } catch (error) {
      // The count is not what the import is for: it stays unknown, and is shown so.
      if (!(error instanceof ApiError || error instanceof Unreachable) && !aborted(error)) throw error;
    }
  };

  const open = () => {
    const { report, chosen, source } = store.getState();
    const network = report?.networks[chosen];
    if (network === undefined) return;
    editor.load(named(network, source));
    source.opened?.();
    leave();
    store.setState({ source: EMPTY });
  };

  const leave = () => {
    controller?.abort();
    controller = null;
    store.setState({ phase: "closed", report: null, fields: [], totals: null, failure: null });
  };

  return {
    store,
    open,
    close: leave,
    begin: () => store.setState({ phase: "writing" }),
    write: (content) => store.setState({ source: { ...store.getState().source, content } }),

    read(source) {
      const content = source.format === "notebook" ? withoutOutputs(source.content) : source.content;
      store.setState({ source: { ...source, content }, report: null, fields: [] });
      return ask([]);
    },

    async again() {
      const fields = store.getState().fields.map((field) => ({ ...field, error: faultOf(field) }));
      store.setState({ fields });
      if (fields.every(({ error }) => error === null)) await ask(fields);
    },

    answer(index, change) {
      const change_ = { ...change, touched: true, error: null };
      const fields = store.getState().fields.map((field, n) => (n === index ? { ...field, ...change_ } : field));
      store.setState({ fields });
    },

    choose(index) {
      store.setState({ chosen: index, totals: null });
      void count();
    },
  };
}

function aborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** A network of the panel's code keeps its seed: the same weights are drawn. A file without a class name gives its own. */
function named(network: NetworkDoc, { name, seed }: Source): NetworkDoc {
  return {
    ...network,
    ...(network.name || name === undefined ? {} : { name: name.replace(/\.(py|ipynb)$/i, "").slice(0, 100) }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function requestOf(source: Source, fields: readonly ImportField[]): ImportRequest {
  const given: Record<string, Record<string, unknown>> = {};
  const inputs: Record<string, ImportInput> = { ...source.inputs };
  for (const { question, text, dtype, touched } of fields) {
    if (question.kind === "argument") {
      given[question.of] = { ...given[question.of], [question.name]: readLiteral(text) };
    } else if (touched) {
      inputs[question.name] = { shape: readShape(text), dtype };
    }
  }
  return {
    format: source.format,
    content: source.content,
    ...(Object.keys(given).length > 0 ? { arguments: given } : {}),
    ...(Object.keys(inputs).length > 0 ? { inputs } : {}),
    ...(source.training === undefined ? {} : { training: source.training }),
  };
}

function faultOf({ question, text }: ImportField): string | null {
  try {
    if (question.kind === "input") readShape(text);
    else readLiteral(text);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** What was answered stays to be seen; what a person has not touched follows the newest guess. */
function merged(old: readonly ImportField[], { questions, networks }: Imported): ImportField[] {
  const is = (question: Question) => (field: ImportField) =>
    field.question.kind === question.kind && field.question.name === question.name && field.question.of === question.of;
  const asked = questions.map((question) => {
    const before = old.find(is(question));
    return before?.touched ? before : fieldOf(question);
  });
  const answered = old.filter(
    (field) =>
      !questions.some((question) => is(question)(field)) && (networks.length > 0 || field.question.kind === "argument"),
  );
  return [...answered, ...asked];
}

function fieldOf(question: Question): ImportField {
  if (question.kind === "argument") {
    return { question, text: writeLiteral(question.guess), dtype: "", touched: false, error: null };
  }
  const { shape, dtype } = question.guess;
  return { question, text: shape?.join(", ") ?? "", dtype, touched: false, error: null };
}
