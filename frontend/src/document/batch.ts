/** The batch size: the first size of every Input of the document's own graph. */
import { type Json, type NetworkDoc, type NodeDoc, paramsOf, withGraph } from "./document";

/** An Input whose sample is typed in has the sizes of its values. */
function batched(node: NodeDoc): Json[] | null {
  const { shape, fill } = paramsOf(node);
  const sized = node.type === "Input" && fill !== "values" && Array.isArray(shape) && typeof shape[0] === "number";
  return sized ? shape : null;
}

/** The batch size; null where the Inputs differ or have none. */
export function batchOf(document: NetworkDoc): number | null {
  const sizes = new Set<Json>();
  for (const node of Object.values(document.nodes)) {
    const shape = batched(node);
    if (shape) sizes.add(shape[0]!);
  }
  const [size] = sizes;
  return sizes.size === 1 ? (size as number) : null;
}

/** Whether any Input has a batch size to set. */
export const hasBatch = (document: NetworkDoc): boolean =>
  Object.values(document.nodes).some((node) => batched(node) !== null);

export function setBatch(document: NetworkDoc, size: number): NetworkDoc {
  let changed = false;
  const nodes = Object.entries(document.nodes).map(([key, node]): [string, NodeDoc] => {
    const shape = batched(node);
    if (!shape || shape[0] === size) return [key, node];
    changed = true;
    return [key, { ...node, params: { ...paramsOf(node), shape: [size, ...shape.slice(1)] } }];
  });
  return changed ? withGraph(document, null, { ...document, nodes: Object.fromEntries(nodes) }) : document;
}
