/** Random commands from a seed, for property tests. */
import type { Command } from "../command";
import { type GraphName, graphOf, inputsOf, type Json, type NetworkDoc, type NodeDoc } from "../document";
import { freshName, freshNodeName, takenNames } from "../names";

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }

  some<T>(items: readonly T[], chance: number): T[] {
    return items.filter(() => this.next() < chance);
  }
}

const TYPES = ["Conv2d", "Linear", "ReLU", "add", "cat", "LSTM", "Output", "Input"];
const VALUES: (Json | undefined)[] = [1, 3, [1, 2], null, true, "same", undefined, { $: "x.shape[0]" }];

/** A command that can be carried out on this document; null where the draw fits nothing. */
export function randomCommand(random: Random, document: NetworkDoc): Command | null {
  const graph: GraphName = random.next() < 0.3 ? (random.pick(Object.keys(document.blocks ?? {})) ?? null) : null;
  const { nodes } = graphOf(document, graph)!;
  const taken = takenNames(graphOf(document, graph)!);
  const keys = Object.keys(nodes);
  const node = random.pick(keys);
  const wires = keys.flatMap((key) =>
    Object.entries(inputsOf(nodes[key]!)).map(([port, value]) => ({ node: key, port, many: Array.isArray(value) })),
  );
  const on = random.pick(wires);
  const end = on && { node: on.node, port: on.port, ...(on.many ? { index: 0 } : {}) };
  const other = random.pick(keys);
  const type = random.pick(TYPES)!;
  const fresh = freshNodeName(type, taken);
  const made: NodeDoc = { type, position: [random.below(500), random.below(500)] };
  switch (random.below(13)) {
    case 0:
    case 1: {
      const first: NodeDoc = node === undefined ? made : { ...made, inputs: { input: node } };
      return { kind: "add", graph, nodes: { [fresh]: first }, ...(random.next() < 0.5 ? { after: node } : {}) };
    }
    case 2:
      return { kind: "remove", graph, nodes: random.some(keys, 0.15), heal: random.next() < 0.5 };
    case 3:
      return node === undefined ? null : { kind: "rename", graph, node, name: freshName(`${node}_new`, taken) };
    case 4: {
      const positions = random.some(keys, 0.3).map((key) => [key, [random.below(900), random.below(900)]] as const);
      return { kind: "move", graph, positions: Object.fromEntries(positions) as Record<string, [number, number]> };
    }
    case 5:
      if (node === undefined) return null;
      return { kind: "param", graph, node, name: random.pick(["a", "bias", "dim"])!, value: random.pick(VALUES) };
    case 6:
      if (node === undefined) return null;
      return {
        kind: "field",
        graph,
        node,
        field: random.pick(["note", "when", "repeat"])!,
        value: random.pick([2, undefined]),
      };
    case 7:
      if (node === undefined || other === undefined) return null;
      return { kind: "connect", graph, wire: { from: other, to: { node, port: "input" } }, many: random.next() < 0.3 };
    case 8:
      return end ? { kind: "disconnect", graph, to: end } : null;
    case 9:
      return end ? { kind: "insert", graph, key: fresh, node: made, port: "input", on: end } : null;
    case 10:
      return { kind: "head", field: "seed", value: random.below(1000) };
    case 11:
      return { kind: "batch", size: 1 + random.below(8) };
    default: {
      const block = random.pick(Object.keys(document.blocks ?? {}));
      if (block === undefined) return { kind: "block", name: "Fresh", block: { nodes: { x: { type: "Input" } } } };
      return { kind: "rename-block", block, name: freshName(block, new Set(Object.keys(document.blocks!))) };
    }
  }
}
