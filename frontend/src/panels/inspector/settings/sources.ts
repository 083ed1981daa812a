/** What a node may read. */
import type { NodeAnswer } from "@/api/answer";
import type { GraphDoc, Reference } from "@/document/document";
import { parseReference, usesOf } from "@/document/references";

/** The nodes that depend on this one; itself included. A wire from one of them would close a cycle. */
export function downstream(graph: GraphDoc, key: string): Set<string> {
  const readers = new Map<string, string[]>();
  for (const [name, node] of Object.entries(graph.nodes)) {
    for (const use of usesOf(node)) {
      const source = use.kind === "call" ? null : parseReference(use.reference)?.node;
      if (source) readers.set(source, [...(readers.get(source) ?? []), name]);
    }
  }
  const found = new Set<string>();
  const todo = [key];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    todo.push(...(readers.get(at) ?? []));
  }
  return found;
}

/**
 * References that a node may read: each node that does not depend on it, in document order; those with several outputs by port.
 * `outputs` are the ports that a node declares, `answers` those that its run gave (chunk, split).
 */
export function sourcesOf(
  graph: GraphDoc,
  key: string,
  outputs: (key: string) => readonly string[],
  answers: (key: string) => NodeAnswer | undefined,
): Reference[] {
  const after = downstream(graph, key);
  const found: Reference[] = [];
  for (const [name, node] of Object.entries(graph.nodes)) {
    if (after.has(name) || node.type === "Output") continue;
    const ran = Object.keys(answers(name)?.outputs ?? {});
    const ports = ran.length > 0 ? ran : outputs(name);
    if (ports.length <= 1) found.push(name);
    else found.push(...ports.map((port) => `${name}.${port}`));
  }
  return found;
}
