/** The one editor of this page: its stores, made and started once. */
import { Client } from "@/api/client";
import { randomId } from "@/api/session";
import { createCatalogue } from "./catalogue";
import { createEditor } from "./editor";
import { createResults } from "./results";
import { createSaving } from "./saving";

export const client = new Client({ session: randomId() });
export const editor = createEditor();
export const results = createResults(editor, client);
export const catalogue = createCatalogue(client);
export const saving = createSaving(editor);

/** Restores what this tab had, then follows it. The returned function ends it all. */
export async function startSession(): Promise<() => void> {
  const stopCatalogue = catalogue.start();
  const stopSaving = await saving.start();
  const stopResults = results.start();
  return () => {
    stopResults();
    stopSaving();
    stopCatalogue();
  };
}
