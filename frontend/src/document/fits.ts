/** Whether a wire may go from an output to an input, and if not, why. */
import { type GraphDoc, inputsOf, nodeOf } from "./document";
import type { Ports } from "./ports";
import { formatReference, parseReference, usesOf } from "./references";

export type Verdict =
  /** `replaces` is the wire that goes; `many` says that it is one of a list. */
  { fits: true; many: boolean; replaces: string | null } | { fits: false; reason: string };

const no = (reason: string): Verdict => ({ fits: false, reason });

/** Ports as the catalogue knows them; null for a node of unknown type, which is never refused for its ports. */
export type PortsIn = (node: string) => Ports | null;

export interface End {
  node: string;
  port: string;
}

/** What `from` (an output) to `to` (an input) would be. Shapes are torch's to judge, once the wire is there. */
export function fits(graph: GraphDoc, from: End, to: End, ports: PortsIn): Verdict {
  const source = nodeOf(graph, from.node);
  const reader = nodeOf(graph, to.node);
  if (!source) return no(`There is no node ${from.node}.`);
  if (!reader) return no(`There is no node ${to.node}.`);
  if (from.node === to.node) return no("A node cannot read itself.");
  if (source.type === "Output") return no(`${from.node} is what the network returns; nothing can read it.`);
  const given = ports(from.node);
  if (given && !isOutput(given, from.port)) {
    // A parameter, by its state_dict name: read, or tied to one of another node.
    if (given.numbered) return no(`${from.node} numbers its outputs: ${from.node}.0 is the first.`);
    if (given.outputs.length === 0) return no(`${from.node} gives nothing to read.`);
  }
  const takes = ports(to.node);
  const port = takes?.inputs.find((input) => input.name === to.port);
  if (takes && !port && takes.inputs.length === 0) {
    return no(`${to.node} takes no wire: it is where a tensor enters the network.`);
  }
  if (readsAhead(graph, to.node, from.node)) {
    return no(`${from.node} depends on ${to.node}: this wire would close a circle.`);
  }
  const old = inputsOf(reader)[to.port];
  const many = port?.many ?? Array.isArray(old);
  const reference = referenceTo(given, from);
  if (Array.isArray(old) ? !many && old.includes(reference) : old === reference) {
    return no(`${to.port} of ${to.node} reads ${from.node} already.`);
  }
  const replaces = many || old === undefined ? null : Array.isArray(old) ? (old[0] ?? null) : old;
  return { fits: true, many, replaces };
}

function isOutput(ports: Ports, port: string): boolean {
  return ports.outputs.includes(port) || (ports.numbered && /^\d+$/.test(port));
}

/** The reference to an output: the bare name for the first one, as a person would write it. */
export function referenceTo(ports: Ports | null, { node, port }: End): string {
  return ports && !ports.numbered && ports.outputs[0] === port ? node : formatReference(node, port);
}

/**
 * The output that a reference means; null when it names no node. Without a port it is the first, and so is `output` of
 * a block whose only Output has another name.
 */
export function endOf(reference: string, ports: PortsIn): End | null {
  const parsed = parseReference(reference);
  if (!parsed) return null;
  const outputs = ports(parsed.node)?.outputs ?? [];
  const lone = parsed.port === "output" && outputs.length === 1;
  return { node: parsed.node, port: parsed.port === null || lone ? (outputs[0] ?? "output") : parsed.port };
}

/** Whether `node` is reached from `start` by reading on: wires and sizes order nodes, calls and parameters do not. */
export function readsAhead(graph: GraphDoc, start: string, node: string): boolean {
  const seen = new Set<string>();
  const todo = [node];
  for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
    if (key === start) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    const found = nodeOf(graph, key);
    for (const use of found ? usesOf(found) : []) {
      if (use.kind === "call") continue;
      const parsed = parseReference(use.reference);
      if (parsed) todo.push(parsed.node);
    }
  }
  return false;
}

/** The first free port of a node that an output fits, required ones first; null when there is none. */
export function firstFit(
  graph: GraphDoc,
  from: End,
  to: string,
  ports: PortsIn,
): { port: string; many: boolean } | null {
  const reader = nodeOf(graph, to);
  const takes = ports(to);
  if (!reader || !takes) return null;
  const free = takes.inputs.filter((input) => input.many || !Object.hasOwn(inputsOf(reader), input.name));
  for (const input of [...free.filter(({ optional }) => !optional), ...free.filter(({ optional }) => optional)]) {
    const verdict = fits(graph, from, { node: to, port: input.name }, ports);
    if (verdict.fits) return { port: input.name, many: verdict.many };
  }
  return null;
}
