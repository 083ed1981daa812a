/** Finds types by what people call them: "fc" and "dense" find Linear, "cnv2" finds Conv2d. */
import type { LayerType } from "@/api/answer";
import { blocksOf, type NetworkDoc } from "@/document/document";
import type { CatalogueState } from "./interface";

export interface Match {
  type: string;
  family: string;
  summary: string;
  /** Null for a block of the document. */
  layer: LayerType | null;
  /** The alias that matched, where it was not the name. */
  alias: string | null;
  score: number;
}

export const BLOCKS = "Blocks";

/** Every type that matches, best first; all of them, in the catalogue's order, for an empty query. */
export function searchTypes(catalogue: CatalogueState, document: NetworkDoc, query: string): Match[] {
  const wanted = query.trim().toLowerCase();
  const found: Match[] = [];
  const blocks = Object.keys(blocksOf(document));
  for (const type of blocks) {
    const score = wanted === "" ? 1 : scoreOf(type, wanted);
    if (score > 0)
      found.push({ type, family: BLOCKS, summary: "a block of this document", layer: null, alias: null, score });
  }
  for (const layer of catalogue.layers.values()) {
    if (blocks.includes(layer.type)) continue;
    const match = wanted === "" ? { score: 1, alias: null } : scoreLayer(layer, wanted);
    if (match.score > 0) {
      const { type, family, summary } = layer;
      found.push({ type, family, summary, layer, ...match });
    }
  }
  // Sorting is stable: equal scores stay in the catalogue's order.
  return found.sort((a, b) => b.score - a.score);
}

function scoreLayer(layer: LayerType, query: string): { score: number; alias: string | null } {
  const name = scoreOf(layer.type, query);
  let best = { score: name, alias: null as string | null };
  for (const alias of layer.aliases) {
    const score = scoreOf(alias, query) * 0.95;
    if (score > best.score) best = { score, alias };
  }
  if (best.score > 0) return best;
  if (layer.family.toLowerCase().startsWith(query)) return { score: 12, alias: null };
  const words = query.split(/\s+/);
  const text = `${layer.type} ${layer.family} ${layer.summary} ${layer.aliases.join(" ")}`.toLowerCase();
  if (query.length > 2 && words.every((word) => text.includes(word))) return { score: 10, alias: null };
  return { score: 0, alias: null };
}

const squeezed = (text: string) => text.replace(/[\s_-]+/g, "");

/** Spaces, hyphens and underscores are nobody's to remember: "max pool" is MaxPool2d, "feedforward" is feed forward. */
export function scoreOf(word: string, query: string): number {
  const close = squeezed(query);
  return Math.max(exactScore(word, query), close === "" ? 0 : 0.99 * exactScore(squeezed(word), close));
}

/** 100 for the word itself, less for a beginning, a part, and for letters in order; 0 for no match. */
function exactScore(word: string, query: string): number {
  const text = word.toLowerCase();
  if (text === query) return 100;
  // Among beginnings and parts the shortest word is meant: "conv" is Conv1d rather than ConvTranspose1d.
  const close = query.length / text.length;
  if (text.startsWith(query)) return 80 + 10 * close;
  const part = text.indexOf(query);
  if (part > 0) {
    const begins = /[A-Z]/.test(word[part]!) || /[^a-z0-9]/.test(text[part - 1]!);
    return (begins ? 60 : 40) + 10 * close;
  }
  const tight = inOrder(text, query);
  return tight === 0 ? 0 : 15 + 10 * tight;
}

/** How tightly the query's letters follow each other in the text, beginning with its first; 0 when they do not. */
function inOrder(text: string, query: string): number {
  if (query.length < 2 || text[0] !== query[0]) return 0;
  let at = 0;
  for (const letter of query) {
    const found = text.indexOf(letter, at);
    if (found < 0) return 0;
    at = found + 1;
  }
  return query.length / at;
}
