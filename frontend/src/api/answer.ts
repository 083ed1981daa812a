/** What the server answers. Mirrors the REST contract. */
import type { PatchOperation } from "@/document/command";
import type { Json } from "@/document/document";

export type NodeState = "ok" | "error" | "blocked" | "skipped";

/** Numbers; NaN and infinities as "nan", "inf", "-inf"; integers beyond 2**53 as text. */
export type Values = number | string | boolean | Values[];

export interface Summary {
  min: number | string | null;
  max: number | string | null;
  mean: number | string | null;
  std: number | string | null;
  zeros: number;
  nan: number;
  inf: number;
}

export interface TensorAnswer {
  shape: number[] | null;
  dtype: string | null;
  values: Values | null;
  summary: Summary | null;
}

export interface WeightAnswer {
  shape: number[];
  dtype: string;
  count: number;
  requires_grad: boolean;
  values: Values | null;
  tied?: string;
}

export interface NodeAnswer {
  state: NodeState;
  repr: string | null;
  inferred: Record<string, Json>;
  outputs: Record<string, TensorAnswer>;
  parameters: Record<string, WeightAnswer>;
  buffers: Record<string, { shape: number[]; dtype: string; values: Values | null }>;
  parameter_count: number | null;
  macs: number | null;
  blocked_by: string[];
}

export interface Fix {
  title: string;
  patch: PatchOperation[];
}

export interface Problem {
  code: string;
  severity: "error" | "warning" | "info";
  node: string | null;
  port: string | null;
  param: string | null;
  message: string;
  detail: string | null;
  fixes: Fix[];
}

export interface Totals {
  parameters: number;
  trainable: number;
  macs: number | null;
  unknown: number;
}

export interface Answer {
  ok: boolean;
  nodes: Record<string, NodeAnswer>;
  problems: Problem[];
  more_problems: number;
  totals: Totals;
  repr: string;
}

export interface LayerParam {
  name: string;
  kind: string;
  default: Json;
  required: boolean;
  inferred: boolean;
  min: number | null;
  max: number | null;
  choices: Json[] | null;
  length: number | null;
  nullable: boolean;
  /** A keyword of forward(), not of the constructor. */
  forward: boolean;
  summary: string;
}

export interface LayerPort {
  name: string;
  optional: boolean;
  many: boolean;
  /** A friendlier word: "prediction" beside `input`. */
  label: string | null;
  /** Parameters that must have these values for the port to exist. */
  when: Record<string, Json> | null;
}

export interface LayerType {
  type: string;
  form: "module" | "function" | "own";
  family: string;
  summary: string;
  doc: string;
  params: LayerParam[];
  inputs: LayerPort[];
  outputs: { name: string; when: Record<string, Json> | null }[];
  /** Its outputs are numbered by the run (chunk, split, unbind). */
  list_output: boolean;
  aliases: string[];
  code: string;
}

export interface ExampleEntry {
  id: string;
  title: string;
  family: string;
  about: string;
}
