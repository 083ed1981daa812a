/** The one editor of this page: its stores, made and started once. */
import { Client } from "@/api/client";
import { browserOwner } from "@/api/owner";
import { randomId } from "@/api/session";
import { Refusal } from "@/document/refusal";
import { createCatalogue } from "./catalogue";
import { createCode } from "./code";
import { createEditor } from "./editor";
import { createImporting } from "./importing";
import { createRemote } from "./remote";
import { createResults } from "./results";
import { createSaving } from "./saving";

export const client = new Client({ session: randomId() });
export const editor = createEditor();
export const results = createResults(editor, client);
export const catalogue = createCatalogue(client);
export const code = createCode(editor, client);
export const importing = createImporting(editor, client);
export const saving = createSaving(editor);
export const owner = browserOwner();
export const remote = createRemote(editor, client, owner, saving.settled);

/** Restores what this tab had, or opens what the address names, then follows it. `say` tells a failure to do so. */
export async function startSession(say: (message: string) => void): Promise<() => void> {
  const stopCatalogue = catalogue.start();
  const stopSaving = await saving.start();
  const stopRemote = remote.start();
  await openLinked(say);
  const stopResults = results.start();
  return () => {
    stopResults();
    stopRemote();
    stopSaving();
    stopCatalogue();
  };
}

/** `/?network=<id>`: a network of the server. */
async function openLinked(say: (message: string) => void): Promise<void> {
  const id = new URLSearchParams(location.search).get("network");
  if (id === null) return;
  history.replaceState(null, "", location.pathname); // a reload restores what is then in hand, with its changes
  if (editor.state().id === id) return;
  try {
    const { copy } = await remote.open(id);
    if (copy) say("This network is somebody else's. What you change is kept as a copy of your own.");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
  }
}
