/** Which parameters of an Input, Parameter or Constant mean something for the way it is filled. */
import type { LayerParam } from "@/api/answer";
import { type NodeDoc, paramsOf, typeName } from "@/document/document";

const FILLS: Record<string, (fill: unknown) => boolean> = {
  low: (fill) => fill === "randint",
  high: (fill) => fill === "randint",
  values: (fill) => fill === "values",
  name: (fill) => fill === "sample",
  index: (fill) => fill === "sample",
};

/** Whether to show it: a parameter that is set, or whose fill is chosen. */
export function relevant(node: NodeDoc, param: LayerParam): boolean {
  if (!["Input", "Parameter", "Constant"].includes(typeName(node) ?? "")) return true;
  const params = paramsOf(node);
  if (Object.hasOwn(params, param.name)) return param.name !== "values";
  const means = FILLS[param.name];
  // The values are in the paste box, which reads and shows any number of them.
  return means === undefined || (param.name !== "values" && means(params.fill ?? "randn"));
}

/** The parameter as it is for a way of filling: what randint draws is int64 unless something else is said. */
export function forFill(param: LayerParam, fill: unknown): LayerParam {
  return param.name === "dtype" && fill === "randint" ? { ...param, default: "int64" } : param;
}
