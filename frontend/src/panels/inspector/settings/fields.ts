/** The addresses of the fields in a node's form. */
import type { LayerParam } from "@/api/answer";
import { inputsOf, type NodeDoc, paramsOf } from "@/document/document";
import type { InputPort } from "@/document/ports";
import { relevant } from "./relevant";

/** Fields of the node itself that can say what is wrong with them. */
const OWN = ["type", "repeat", "when", "attribute", "note"];

/** A problem with a parameter or port that is among these is shown at its field, any other above the form. */
export function fieldsOf(node: NodeDoc, params: readonly LayerParam[], ports: readonly InputPort[]): Set<string> {
  const nested = params
    .filter((param) => param.kind === "module")
    .flatMap(({ name }) => {
      const value = paramsOf(node)[name];
      const inner = typeof value === "object" && value !== null && !Array.isArray(value) ? value.params : undefined;
      return typeof inner === "object" && inner !== null ? Object.keys(inner).map((key) => `${name}.${key}`) : [];
    });
  const shown = params.filter((param) => relevant(node, param)).map((param) => param.name);
  const wires = [...ports.map((port) => port.name), ...Object.keys(inputsOf(node))].map((port) => `inputs.${port}`);
  return new Set([...OWN, ...shown, ...nested, ...Object.keys(paramsOf(node)), ...wires]);
}
