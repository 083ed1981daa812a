/** The newest answer, taken apart: by node for the canvas, by graph for the badges. What says the same stays the same. */
import type { Answer, NodeAnswer, Problem } from "@/api/answer";
import { type GraphName, graphOf, type NetworkDoc, same } from "@/document/document";
import { placesOn, usersOf } from "@/document/paths";

export type Nodes = ReadonlyMap<string, NodeAnswer>;
export type ByPath = ReadonlyMap<string | null, readonly Problem[]>;
export type Badges = ReadonlyMap<GraphName, ReadonlyMap<string, readonly Problem[]>>;

/** The entries by path; an entry that says what it said before is the same object, and so is the whole map. */
export function nodesOf(answer: Answer, old: Nodes): Nodes {
  return keeping(new Map(Object.entries(answer.nodes)), old);
}

/** Problems as before where they say the same, so that lists and badges stay the same objects. */
export function problemsOf(answer: Answer, old: readonly Problem[]): readonly Problem[] {
  const found = answer.problems.map((problem, n) => {
    if (same(problem, old[n])) return old[n]!;
    return old.find((other) => same(problem, other)) ?? problem;
  });
  return found.length === old.length && found.every((problem, n) => problem === old[n]) ? old : found;
}

export function byPath(problems: readonly Problem[], old: ByPath): ByPath {
  const found = new Map<string | null, Problem[]>();
  for (const problem of problems) add(found, problem.node, problem);
  return keeping(found, old);
}

/** A problem counts on every node that its path passes, and one of a block as such on all its uses too. */
export function badgesOf(problems: readonly Problem[], document: NetworkDoc, old: Badges): Badges {
  const found = new Map<GraphName, Map<string, Problem[]>>();
  for (const problem of problems) {
    if (problem.node === null) continue;
    const places = placesOn(document, problem.node);
    const outermost = places[0];
    const block = outermost ? outermost.graph : graphOf(document, problem.node) ? problem.node : null;
    const users = block === null ? [] : usersOf(document, block);
    for (const { graph, node } of [...places, ...users]) {
      if (!found.has(graph)) found.set(graph, new Map());
      add(found.get(graph)!, node, problem);
    }
  }
  const kept = [...found].map(([graph, nodes]): [GraphName, ReadonlyMap<string, readonly Problem[]>] => [
    graph,
    keeping(nodes, old.get(graph)),
  ]);
  return keeping(new Map(kept), old);
}

function add<K>(lists: Map<K, Problem[]>, key: K, problem: Problem): void {
  const list = lists.get(key);
  if (!list) lists.set(key, [problem]);
  else if (!list.includes(problem)) list.push(problem);
}

/** The new map with the old values in it wherever they say the same; the old map itself when nothing changed. */
function keeping<K, V>(found: Map<K, V>, old: ReadonlyMap<K, V> | undefined): ReadonlyMap<K, V> {
  if (!old) return found;
  let changed = found.size !== old.size;
  for (const [key, value] of found) {
    const before = old.get(key);
    if (before !== undefined && (before === value || (!(value instanceof Map) && same(before, value)))) {
      found.set(key, before);
    } else changed = true;
  }
  return changed ? found : old;
}
