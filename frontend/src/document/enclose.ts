/** A block made of some nodes of a graph: what they read becomes its inputs, what is read of them its outputs. */
import type { Command } from "./command";
import { type GraphDoc, type GraphName, graphOf, isObject, type Json, type NetworkDoc, type NodeDoc } from "./document";
import { freshName, nameFault, takenNames } from "./names";
import type { PortsOf } from "./ports";
import { expressionOf, follow, formatReference, type ParsedReference, parseReference, usesOf } from "./references";
import { Refusal } from "./refusal";

export interface Enclosed {
  command: Command;
  /** The node that stands for the nodes now. */
  node: string;
}

/**
 * Puts nodes into a new block of this name and one use of it in their place. Inputs and outputs of the network stay where
 * they are. Throws Refusal where a block cannot stand for these nodes.
 */
export function encloseNodes(
  document: NetworkDoc,
  name: GraphName,
  keys: readonly string[],
  type: string,
  ports: PortsOf,
): Enclosed {
  const graph = graphOf(document, name)!;
  const fault = nameFault(type) ?? (graphOf(document, type) ? `there is a block ${type} already` : null);
  if (fault) throw new Refusal(`${type} cannot be the name of a block: ${fault}.`);
  const inside = new Set(keys.filter((key) => !["Input", "Output"].includes(graph.nodes[key]?.type ?? "Output")));
  if (inside.size === 0)
    throw new Refusal("A block is made of layers: inputs and outputs of the network stay outside.");
  refuseCalls(graph, inside);
  refuseCircle(graph, inside);

  const taken = takenNames(graph);
  const block = takenNames({ nodes: pick(graph, inside), params: graph.params });
  const node = freshName(type.toLowerCase(), taken);
  const inputs = new Map<string, string>();
  const outputs = new Map<string, { key: string; reference: ParsedReference }>();
  const isOutput = (key: string, port: string | null) => {
    const known = ports(name, key);
    return port === null || port === "output" || known === null || known.numbered || known.outputs.includes(port);
  };

  // What is read from outside: an Input each, called after what it reads.
  const members = Object.entries(pick(graph, inside)).map(([key, member]): [string, NodeDoc] => [
    key,
    follow(member, (reference) => {
      if (inside.has(reference.node)) return reference;
      if (!isOutput(reference.node, reference.port)) {
        throw new Refusal(
          `${key} shares ${formatReference(reference.node, reference.port)}: take ${reference.node} too.`,
        );
      }
      const text = formatReference(reference.node, reference.port);
      let input = inputs.get(text);
      if (input === undefined) {
        input = freshName(text.replaceAll(".", "_"), block);
        block.add(input);
        inputs.set(text, input);
      }
      return { node: input, port: null };
    }),
  ]);

  // What is read outside: an Output each. A parameter is read through the use, by its name.
  const readers = Object.entries(graph.nodes).filter(([key]) => !inside.has(key));
  const read = [...readers.flatMap(([, reader]) => usesOf(reader)), ...loose(graph, inside)];
  for (const { reference: text } of read) {
    const reference = parseReference(text);
    if (!reference || !inside.has(reference.node) || !isOutput(reference.node, reference.port) || outputs.has(text))
      continue;
    outputs.set(text, { key: "", reference });
  }
  for (const output of outputs.values()) {
    const base = outputs.size === 1 ? "out" : `out_${formatReference(output.reference.node, output.reference.port)}`;
    output.key = freshName(base.replaceAll(".", "_"), block);
    block.add(output.key);
  }
  const outer = (reference: ParsedReference): ParsedReference => {
    if (!inside.has(reference.node)) return reference;
    const output = outputs.get(formatReference(reference.node, reference.port));
    if (output) return { node, port: outputs.size === 1 ? null : output.key };
    return { node, port: formatReference(reference.node, reference.port) };
  };

  const made: GraphDoc = {
    nodes: Object.fromEntries<NodeDoc>([
      ...Array.from(inputs.values(), (key): [string, NodeDoc] => [key, { type: "Input" }]),
      ...members,
      ...Array.from(outputs.values(), ({ key, reference }): [string, NodeDoc] => [
        key,
        { type: "Output", inputs: { value: formatReference(reference.node, reference.port) } },
      ]),
    ]),
  };
  const params = namesIn(graph, Object.values(made.nodes));
  if (params.length > 0) made.params = Object.fromEntries(params.map((param) => [param, graph.params![param]!]));
  const use: NodeDoc = { type };
  if (params.length > 0) use.params = Object.fromEntries(params.map((param): [string, Json] => [param, { $: param }]));
  if (inputs.size > 0) use.inputs = Object.fromEntries(Array.from(inputs, ([text, key]) => [key, text]));
  const position = upperMiddle(members.map(([, member]) => member));
  if (position) use.position = position;

  // At the place of the first: modules are constructed in this order.
  const first = Object.keys(graph.nodes).find((key) => inside.has(key))!;
  const nodes = Object.entries(graph.nodes).flatMap(([key, other]): [string, NodeDoc][] =>
    key === first ? [[node, use]] : inside.has(key) ? [] : [[key, follow(other, outer)]],
  );
  const next = { ...graph, nodes: Object.fromEntries(nodes) };
  const whole: NetworkDoc = name === null ? { ...document, ...next } : document;
  const blocks = {
    ...(isObject(document.blocks) ? document.blocks : {}),
    ...(name === null ? {} : { [name]: next }),
    [type]: made,
  };
  return { command: { kind: "replace", document: { ...whole, blocks: blocks as Record<string, GraphDoc> } }, node };
}

const pick = (graph: GraphDoc, keys: ReadonlySet<string>): Record<string, NodeDoc> =>
  Object.fromEntries(Object.entries(graph.nodes).filter(([key]) => keys.has(key)));

/** A network without an Output gives what nobody reads: that stays so. */
function loose(graph: GraphDoc, inside: ReadonlySet<string>): { reference: string }[] {
  if (Object.values(graph.nodes).some((node) => node.type === "Output")) return [];
  const read = new Set(
    Object.values(graph.nodes).flatMap((node) => usesOf(node).map((use) => parseReference(use.reference)?.node)),
  );
  return [...inside].filter((key) => !read.has(key)).map((key) => ({ reference: key }));
}

/** A module is called in its own graph only. */
function refuseCalls(graph: GraphDoc, inside: ReadonlySet<string>): void {
  for (const [key, { call }] of Object.entries(graph.nodes)) {
    if (typeof call !== "string" || inside.has(key) === inside.has(call) || !Object.hasOwn(graph.nodes, call)) continue;
    throw new Refusal(`${key} runs ${call} again: a block takes both, or neither.`);
  }
}

/** What reads of them and is read by them again would read a block that reads it. */
function refuseCircle(graph: GraphDoc, inside: ReadonlySet<string>): void {
  const sources = new Map(
    Object.entries(graph.nodes).map(([key, node]) => [
      key,
      usesOf(node).flatMap((use) => (use.kind === "call" ? [] : [parseReference(use.reference)?.node ?? ""])),
    ]),
  );
  const above = new Set<string>();
  const todo = [...inside].flatMap((key) => sources.get(key)!.filter((source) => !inside.has(source)));
  for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
    if (above.has(key)) continue;
    above.add(key);
    for (const source of sources.get(key) ?? []) {
      if (inside.has(source)) throw new Refusal(`${key} stands between them: a block takes it too.`);
      todo.push(source);
    }
  }
}

/** The parameters of the graph that expressions of these nodes name. */
function namesIn(graph: GraphDoc, nodes: readonly NodeDoc[]): string[] {
  const text = nodes.flatMap((node) => expressionsIn([node.params, node.repeat, node.when] as Json)).join(" ");
  const words = new Set(text.match(/(?<![\w.])[A-Za-z_]\w*/g));
  return isObject(graph.params) ? Object.keys(graph.params).filter((param) => words.has(param)) : [];
}

function expressionsIn(value: Json | undefined): string[] {
  const text = expressionOf(value);
  if (text !== null) return [text];
  if (Array.isArray(value)) return value.flatMap(expressionsIn);
  return isObject(value) ? Object.values(value).flatMap(expressionsIn) : [];
}

function upperMiddle(nodes: readonly NodeDoc[]): [number, number] | undefined {
  const places = nodes.flatMap(({ position }) => (Array.isArray(position) && position.length === 2 ? [position] : []));
  if (places.length === 0) return undefined;
  const across = places.reduce((sum, [x]) => sum + x, 0) / places.length;
  return [Math.round(across), Math.min(...places.map(([, y]) => y))];
}
