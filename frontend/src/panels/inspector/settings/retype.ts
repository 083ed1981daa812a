/** Another type for a node, keeping what the new one knows too. */
import type { LayerType } from "@/api/answer";
import type { Command } from "@/document/command";
import { type GraphName, inputsOf, type Json, type NodeDoc, paramsOf } from "@/document/document";

/**
 * Parameters that the new type does not have go; the wires of ports that it does not have move to its own ports in order, so that a chain
 * stays a chain. A block (no layer) takes what is there as it is.
 */
export function retype(
  graph: GraphName,
  key: string,
  node: NodeDoc,
  type: string,
  layer: LayerType | undefined,
): Command {
  const field = (name: keyof NodeDoc, value: Json | undefined): Command => ({
    kind: "field",
    graph,
    node: key,
    field: name,
    value,
  });
  const commands: Command[] = [field("type", type)];
  if (layer) {
    const known = new Set(layer.params.map((param) => param.name));
    const params = Object.entries(paramsOf(node)).filter(([name]) => known.has(name));
    if (params.length !== Object.keys(paramsOf(node)).length) {
      commands.push(field("params", params.length > 0 ? Object.fromEntries(params) : undefined));
    }
    const inputs = inputsOf(node);
    const ports = new Set(layer.inputs.map((port) => port.name));
    const free = layer.inputs.filter((port) => !Object.hasOwn(inputs, port.name));
    const moved = Object.entries(inputs).map(([port, wires]): [string, Json] => {
      const target = ports.has(port) ? port : (free.shift()?.name ?? port);
      return [target, wires];
    });
    if (moved.some(([port]) => !Object.hasOwn(inputs, port))) commands.push(field("inputs", Object.fromEntries(moved)));
  }
  return { kind: "sequence", commands };
}
