/** A document inside of a picture of it. */
import type { NetworkDoc } from "./document";

/** Text as XML has it. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** The element of an SVG that holds the document. */
export function embedded(document: NetworkDoc): string {
  return `<metadata id="torchwire">${escaped(JSON.stringify(document))}</metadata>`;
}

/** The document's text out of an SVG; null where there is none. */
export function extracted(svg: string): string | null {
  const found = /<metadata id="torchwire">([^<]*)<\/metadata>/.exec(svg);
  if (!found) return null;
  const letters: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return found[1]!.replace(/&(amp|lt|gt|quot);/g, (_all, name: string) => letters[name]!);
}
