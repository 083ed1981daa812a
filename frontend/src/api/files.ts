/** What `POST /export` and `POST /import` are asked and answer. */
import type { NetworkDoc } from "@/document/document";
import type { Problem } from "./answer";

/** The forms of a network that are text. */
export type TextFormat = "python" | "script" | "notebook" | "json" | "table" | "csv";
/** Exports that are bytes. */
export type FileFormat = "state" | "onnx";

export interface Exported {
  filename: string;
  media_type: string;
  /** Null where the network cannot be written: the problems say why. */
  content: string | null;
  problems: Problem[];
  more_problems: number;
}

/** What is known of an argument of forward(). */
export interface ImportInput {
  shape?: number[];
  dtype?: string;
  fill?: string;
  low?: number;
  high?: number;
  values?: unknown;
}

export interface ImportRequest {
  format: "python" | "notebook" | "json";
  content: string;
  entry?: string;
  arguments?: Record<string, Record<string, unknown>>;
  inputs?: Record<string, ImportInput>;
  training?: boolean;
}

/** A problem of a source: with the line, counted from 1. */
export interface SourceProblem extends Problem {
  line: number | null;
  file: string | null;
  /** The line itself. */
  source: string | null;
}

/** Something that the source does not say: an argument of the constructor, or what an argument of forward() is. */
export type Question = { name: string; of: string } & (
  | { kind: "argument"; guess: unknown }
  | { kind: "input"; guess: { shape: number[] | null; dtype: string } }
);

export interface Imported {
  networks: NetworkDoc[];
  problems: SourceProblem[];
  more_problems: number;
  names: Record<string, string>;
  questions: Question[];
}
