/**
 * Paths: how answers and problems name nodes. In the document's own graph by their key; inside a block as in torch's
 * named_modules(), where `attribute` counts: `stage1.0.conv1` is conv1 of the block that stage1 uses, repeated; 0 is
 * the first copy.
 */
import { blocksOf, type GraphName, graphOf, type NetworkDoc, type NodeDoc, nodeOf } from "./document";

export interface Place {
  graph: GraphName;
  node: string;
  /** What the paths of this graph's nodes begin with; null for the document's own graph and for a block without use. */
  use: string | null;
  /** This node's own path, of one copy where the path names one. */
  path: string;
}

/** The name of a node in a module path. */
function nameOf(key: string, node: NodeDoc): string {
  return typeof node.attribute === "string" && node.attribute !== "" ? node.attribute : key;
}

const copied = (node: NodeDoc) => node.repeat !== undefined && node.repeat !== null;

/** The path of a node of a graph in hand; null in a block that nothing uses. */
export function pathOf(document: NetworkDoc, graph: GraphName, use: string | null, key: string): string | null {
  if (graph === null) return key;
  const node = nodeOf(graphOf(document, graph), key);
  return use === null || !node ? null : `${use}.${nameOf(key, node)}`;
}

/** What the paths of the nodes inside a use begin with: the use's module path, in its first copy. */
export function pathThrough(document: NetworkDoc, graph: GraphName, use: string | null, key: string): string | null {
  const node = nodeOf(graphOf(document, graph), key);
  if (!node || (graph !== null && use === null)) return null;
  const path = use === null ? nameOf(key, node) : `${use}.${nameOf(key, node)}`;
  return copied(node) ? `${path}.0` : path;
}

/** The first use of a block, in document order, depth first; null when nothing uses it. */
export function firstUse(document: NetworkDoc, block: string): string | null {
  const search = (name: GraphName, use: string | null, inside: ReadonlySet<string>): string | null => {
    for (const [key, node] of Object.entries(graphOf(document, name)?.nodes ?? {})) {
      const type = node.type;
      if (type === undefined || inside.has(type) || !graphOf(document, type)) continue;
      if (node.when === false || node.repeat === 0) continue;
      const here = pathThrough(document, name, use, key)!;
      const found = type === block ? here : search(type, here, new Set([...inside, type]));
      if (found !== null) return found;
    }
    return null;
  };
  return search(null, null, new Set());
}

/** Every place that a path passes through, outermost first; empty when it names nothing here. */
export function placesOn(document: NetworkDoc, path: string): Place[] {
  const found: Place[] = [];
  let graph: GraphName = null;
  let use: string | null = null;
  let rest = path;
  const [first] = path.split(".");
  if (!stepFrom(document, null, path) && graphOf(document, first!)) {
    // A fault of a block that nothing uses is named by the block.
    graph = first!;
    rest = path.slice(first!.length + 1);
  }
  while (rest !== "") {
    const step = stepFrom(document, graph, rest);
    if (!step) break;
    const { key, node, name } = step;
    const copy: string = (copied(node) && /^\.\d+(?=\.|$)/.exec(rest.slice(name.length))?.[0]) || "";
    const module: string = use === null ? nameOf(key, node) : `${use}.${nameOf(key, node)}`;
    found.push({ graph, node: key, use, path: (graph === null ? key : module) + copy });
    if (node.type === undefined || !graphOf(document, node.type)) break;
    rest = rest.slice(name.length + copy.length + 1);
    graph = node.type;
    use = module + (copied(node) && copy === "" ? ".0" : copy);
  }
  return found;
}

/** The node of a graph with which a path goes on; of several the one with the longest name. */
function stepFrom(
  document: NetworkDoc,
  graph: GraphName,
  rest: string,
): { key: string; node: NodeDoc; name: string } | null {
  const nodes = graphOf(document, graph)?.nodes ?? {};
  const alone = graph === null ? nodeOf({ nodes }, rest) : undefined;
  if (alone) return { key: rest, node: alone, name: rest };
  let best: { key: string; node: NodeDoc; name: string } | null = null;
  for (const [key, node] of Object.entries(nodes)) {
    for (const name of graph === null ? [nameOf(key, node), key] : [nameOf(key, node)]) {
      const begins = rest === name || rest.startsWith(`${name}.`);
      if (begins && (!best || name.length > best.name.length)) best = { key, node, name };
    }
  }
  return best;
}

/** The uses that an answer must open for the nodes under this use to be in it. */
export function openFor(document: NetworkDoc, use: string | null): string[] {
  return use === null ? [] : placesOn(document, use).map((place) => place.path);
}

/** The nodes, in any graph, that use a block, directly or through other blocks. */
export function usersOf(document: NetworkDoc, block: string): { graph: GraphName; node: string }[] {
  const found: { graph: GraphName; node: string }[] = [];
  const todo = [block];
  const seen = new Set(todo);
  const graphs: GraphName[] = [null, ...Object.keys(blocksOf(document))];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    for (const graph of graphs) {
      for (const [key, node] of Object.entries(graphOf(document, graph)?.nodes ?? {})) {
        if (node.type !== name) continue;
        found.push({ graph, node: key });
        if (graph !== null && !seen.has(graph)) {
          seen.add(graph);
          todo.push(graph);
        }
      }
    }
  }
  return found;
}
