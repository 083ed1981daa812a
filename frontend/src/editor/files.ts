/** Documents as files, and text on the clipboard. */

import type { NetworkDoc } from "@/document/document";
import { emptyDocument } from "@/document/empty";
import { parseDocument } from "@/document/read";
import { Refusal } from "@/document/refusal";
import { fileText } from "@/document/text";
import type { Editor } from "./interface";

/** The file's name from the document's own: "My net" is my-net.json. */
export function fileName(document: NetworkDoc): string {
  const name = typeof document.name === "string" ? document.name : "";
  const plain = name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
  return `${plain || "network"}.json`;
}

/** The most pixels along one side that browsers draw. */
const LARGEST = 8_192;

/** Gives a picture of the network to the browser as a download; a PNG has two pixels for one, where they fit. */
export async function savePicture(
  { svg, width, height }: { svg: string; width: number; height: number },
  format: "svg" | "png",
  document: NetworkDoc,
): Promise<void> {
  const name = fileName(document).replace(/json$/, format);
  if (format === "svg") return downloadFile(svg, name, "image/svg+xml");
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(2, LARGEST / Math.max(width, height));
  const canvas = globalThis.document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Refusal("The browser cannot draw a picture of this size. Export it as SVG.");
  downloadFile(await blob.arrayBuffer(), name, "image/png");
}

/** Gives the document to the browser as a download. */
export function saveFile(document: NetworkDoc): void {
  downloadFile(fileText(document), fileName(document), "application/json");
}

/** Gives a file to the browser as a download. */
export function downloadFile(content: string | ArrayBuffer, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = globalThis.document.createElement("a");
  link.href = url;
  link.download = name;
  globalThis.document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Asks for a file with one of these endings. Null when the person chooses none. The field stands in the page until then:
 * one that nothing holds is collected while the person is still choosing, and its answer never comes.
 */
export function pickFile(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const input = globalThis.document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.hidden = true;
    const done = (file: File | null) => {
      input.remove();
      resolve(file);
    };
    input.addEventListener("change", () => done(input.files?.[0] ?? null));
    input.addEventListener("cancel", () => done(null));
    globalThis.document.body.append(input);
    input.click();
  });
}

/** Opens a file, chosen or dropped, as a new document; what was open stays in the list. Throws Refusal. */
export async function openFile(editor: Editor, file: File): Promise<void> {
  const document = parseDocument(await file.text());
  const named = document.name ? document : { ...document, name: file.name.replace(/\.(json|svg)$/i, "").slice(0, 100) };
  editor.load(named);
}

export function newDocument(editor: Editor): void {
  editor.load(emptyDocument());
}

/** What was copied here, for pages on plain http, where the browser gives no clipboard to scripts. */
let own = "";

export async function writeClipboard(text: string): Promise<void> {
  own = text;
  try {
    if (globalThis.navigator?.clipboard) await navigator.clipboard.writeText(text);
    else copyByCommand(text);
  } catch {
    // Refused by the browser: within the page it works all the same.
    copyByCommand(text);
  }
}

/** The clipboard's text; where the browser does not give it, what was copied on this page. */
export async function readClipboard(): Promise<string> {
  try {
    if (globalThis.navigator?.clipboard) return (await navigator.clipboard.readText()) || own;
  } catch {
    // Not allowed: fall through.
  }
  return own;
}

function copyByCommand(text: string): void {
  const area = globalThis.document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  const focused = globalThis.document.activeElement;
  globalThis.document.body.append(area);
  area.select();
  globalThis.document.execCommand?.("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
}
