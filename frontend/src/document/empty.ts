import type { NetworkDoc } from "./document";

/** A new document. */
export function emptyDocument(name = "Untitled"): NetworkDoc {
  return { format: "torchwire/1", name, seed: 42, training: false, nodes: {}, blocks: {} };
}
