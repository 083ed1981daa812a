/** What a node says about itself: the parameters that differ from torch's defaults, and those torch reads off the wire. */
import type { LayerType } from "@/api/answer";
import { type GraphDoc, isObject, type Json, type NodeDoc, paramsOf, same } from "@/document/document";
import { expressionOf } from "@/document/references";

export interface Row {
  name: string;
  /** Null: inferred, and known from the answer only. */
  value: string | null;
  expression?: boolean;
}

const MOST = 6;

/** A value as a person writes it in a call: `3, 5`, `True`, `None`, `same`. */
export function valueText(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value;
  const expression = expressionOf(value);
  if (expression !== null) return expression;
  if (Array.isArray(value)) {
    if (value.some(Array.isArray)) return `${value.length} rows`;
    return value.length > 8 ? `${value.length} values` : value.map(valueText).join(", ");
  }
  if (isObject(value) && typeof value.type === "string") return value.type;
  const keys = Object.keys(value);
  return keys.length === 1 ? keys[0]! : `${keys.length} settings`;
}

export interface NodeText {
  rows: Row[];
  /** Rows that did not fit. */
  more: number;
  /** A short setting that stands beside the type: `MaxPool2d 2`. */
  inline: string | null;
}

export function nodeText(node: NodeDoc, layer: LayerType | null, block: GraphDoc | undefined): NodeText {
  const params = paramsOf(node);
  const called = node.call !== undefined;
  const declared = (layer?.params ?? []).filter((param) => !called || param.forward);
  const rows: Row[] = [];
  for (const [name, value] of Object.entries(params)) {
    const param = declared.find((one) => one.name === name);
    const fallback = block && isObject(block.params) ? block.params[name] : param?.default;
    if (!(param?.required ?? false) && fallback !== undefined && same(value, fallback)) continue;
    rows.push({ name, value: valueText(value), expression: expressionOf(value) !== null });
  }
  for (const param of declared) {
    if (param.inferred && !Object.hasOwn(params, param.name)) rows.push({ name: param.name, value: null });
  }
  if (node.collapsed) return { rows: [], more: 0, inline: null };
  const [first] = rows;
  if (rows.length === 1 && first?.value && first.value.length <= 6 && declared[0]?.name === first.name) {
    if (layer?.form !== "own") return { rows: [], more: 0, inline: first.value };
  }
  return { rows: rows.slice(0, MOST), more: Math.max(0, rows.length - MOST), inline: null };
}

const WITHOUT_WEIGHTS = new Set(["Identity", "Unfold", "Fold", "LocalResponseNorm"]);
const WITH_WEIGHTS = new Set(["Convolution", "Linear", "Embedding", "Recurrent", "Attention", "Normalisation"]);

/**
 * Whether a node keeps a line for its parameter count. Read off the type, not off the answer: else every node would grow
 * when the first answer comes in.
 */
export function keepsCount(node: NodeDoc, layer: LayerType | null, block: GraphDoc | undefined): boolean {
  if (node.call !== undefined || node.collapsed) return false;
  if (block) return true;
  if (!layer) return false;
  if (layer.type === "Parameter" || layer.type === "PReLU" || layer.type === "AdaptiveLogSoftmaxWithLoss") return true;
  return layer.form === "module" && WITH_WEIGHTS.has(layer.family) && !WITHOUT_WEIGHTS.has(layer.type);
}
