/** Reads a document that comes from outside: a file, the clipboard, the browser's store. */
import { blocksOf, isObject, type NetworkDoc } from "./document";
import { extracted } from "./embedded";
import { Refusal } from "./refusal";

/**
 * The document as it is, broken wires and unknown keys included: those are problems, shown in their place. Throws
 * Refusal, with the reason, where it is no document at all (what the server answers with 422).
 */
export function readDocument(data: unknown): NetworkDoc {
  if (isObject(data) && !Object.hasOwn(data, "format") && isObject(data.network)) return readDocument(data.network);
  if (!isObject(data)) throw new Refusal("This is no network document: it is not a JSON object.");
  if (data.format !== "torchwire/1") {
    const found = typeof data.format === "string" ? `, not ${JSON.stringify(data.format.slice(0, 40))}` : "";
    throw new Refusal(`This is no network document. \`format\` must be "torchwire/1"${found}.`);
  }
  needNodes(data);
  // What is no block there is a problem of the document, like a field of the wrong kind.
  for (const block of Object.values(blocksOf(data))) needNodes(block);
  return data as unknown as NetworkDoc;
}

/** The same from text: JSON, or a picture that was written here. */
export function parseDocument(text: string): NetworkDoc {
  let data: unknown;
  try {
    data = JSON.parse(/^\s*</.test(text) ? (extracted(text) ?? text) : text);
  } catch (error) {
    throw new Refusal(`This is not JSON: ${(error as Error).message}.`);
  }
  return readDocument(data);
}

/** In the server's words. */
function needNodes({ nodes }: { nodes?: unknown }): void {
  if (!isObject(nodes)) throw new Refusal("This is no network document. `nodes` must be an object of nodes by name.");
  if (!Object.values(nodes).every(isObject)) {
    throw new Refusal("This is no network document. Every node must be an object.");
  }
}
