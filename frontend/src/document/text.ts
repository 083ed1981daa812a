/** The document as text: what is posted to the server, and what is saved. */
import { type GraphDoc, isObject, type NetworkDoc, type NodeDoc } from "./document";
import { plainNode } from "./looks";

/** Nodes are never changed in place, so a node's text is made once: a keystroke costs the text of one node. */
const texts = new WeakMap<NodeDoc, string>();

function nodeText(node: NodeDoc): string {
  let text = texts.get(node);
  if (text === undefined) {
    text = JSON.stringify(plainNode(node));
    texts.set(node, text);
  }
  return text;
}

function graphText(graph: GraphDoc, more: string[] = []): string {
  const { nodes, canvas: _canvas, ...head } = graph;
  const fields = Object.entries(head)
    .filter(([key, value]) => value !== undefined && key !== "blocks")
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const inner = Object.entries(nodes).map(([key, node]) => `${JSON.stringify(key)}:${nodeText(node)}`);
  return `{${[...fields, `"nodes":{${inner.join(",")}}`, ...more].join(",")}}`;
}

/** The document as the engine gets it. Two documents with the same text have the same answer. */
export function engineText(document: NetworkDoc): string {
  const blocks: unknown = document.blocks;
  if (blocks === undefined || blocks === null) return graphText(document);
  if (!isObject(blocks)) return graphText(document, [`"blocks":${JSON.stringify(blocks)}`]);
  const inner = Object.entries(blocks as unknown as Record<string, GraphDoc>).map(
    ([name, block]) => `${JSON.stringify(name)}:${isObject(block) ? graphText(block) : JSON.stringify(block)}`,
  );
  return graphText(document, [`"blocks":{${inner.join(",")}}`]);
}

/** The document as a file. */
export function fileText(document: NetworkDoc): string {
  return `${JSON.stringify(document, null, 1)}\n`;
}
