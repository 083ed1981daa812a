/**
 * RFC 6902 patches: the fixes that the server offers.
 *
 * The server never sees where nodes stand on the canvas, and a fix may move every node away and back (a rename keeps
 * the order that way). So a patch is applied to what the server saw, and the looks are put back afterwards: a node that
 * was moved while the answer was under way is still where it was put.
 */
import { applyPatch as applyOperations, JsonPatchError } from "fast-json-patch";
import type { PatchOperation } from "./command";
import { type GraphDoc, isObject, type NetworkDoc } from "./document";
import { withLooks, withoutLooks } from "./looks";
import { Refusal } from "./refusal";

/** The patched document. Throws Refusal when a `test` of the patch fails, or it does not fit. */
export function applyPatch(document: NetworkDoc, patch: readonly PatchOperation[]): NetworkDoc {
  let patched: NetworkDoc;
  try {
    // Plain JSON in, plain JSON out: the library changes in place, so it works on a copy.
    const copy = JSON.parse(JSON.stringify(withoutLooks(document))) as NetworkDoc;
    patched = applyOperations(copy, patch as never[], true, true).newDocument;
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    throw new Refusal("The document has changed since; this fix no longer fits it.", { cause: error });
  }
  const next = withLooks(patched, document);
  if (!isObject(document.blocks) || !isObject(next.blocks)) return next;
  const before = document.blocks as Record<string, GraphDoc>;
  const blocks = Object.entries(next.blocks as Record<string, GraphDoc>);
  const looked = blocks.map(([name, block]) => [
    name,
    withLooks(block, Object.hasOwn(before, name) ? before[name] : undefined),
  ]);
  return { ...next, blocks: Object.fromEntries(looked) };
}
