/** Reads a document that comes from outside: a file, the clipboard, the browser's store. */
import { type GraphDoc, isObject, type NetworkDoc } from "./document";
import { Refusal } from "./refusal";

/**
 * The document as it is, broken wires and unknown keys included: those are problems, shown in their place. Throws
 * Refusal, with the reason, where it is no document at all (what the server answers with 422).
 */
export function readDocument(data: unknown): NetworkDoc {
  if (isObject(data) && !Object.hasOwn(data, "format") && isObject(data.network)) return readDocument(data.network);
  if (!isObject(data)) throw new Refusal("This is no network document: it is not a JSON object.");
  if (data.format !== "torchwire/1") {
    const found = typeof data.format === "string" ? ` Its format is ${JSON.stringify(data.format.slice(0, 40))}.` : "";
    throw new Refusal(`This is no network document of the format torchwire/1.${found}`);
  }
  needNodes(data, "The document");
  if (data.blocks !== undefined && data.blocks !== null) {
    if (!isObject(data.blocks)) throw new Refusal("`blocks` must be an object of blocks by name.");
    for (const [name, block] of Object.entries(data.blocks)) needNodes(block, `Block ${name}`);
  }
  return data as unknown as NetworkDoc;
}

/** The same from text. */
export function parseDocument(text: string): NetworkDoc {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`This is not JSON: ${(error as Error).message}.`);
  }
  return readDocument(data);
}

function needNodes(graph: unknown, what: string): asserts graph is GraphDoc {
  if (!isObject(graph)) throw new Refusal(`${what} must be an object.`);
  if (!isObject(graph.nodes)) throw new Refusal(`${what} has no object \`nodes\`.`);
  for (const [key, node] of Object.entries(graph.nodes)) {
    if (!isObject(node)) throw new Refusal(`${what}: node ${key} must be an object.`);
  }
}
