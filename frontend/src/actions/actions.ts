/** Every action, in the order in which menus and the help show them. */
import { Refusal } from "@/document/refusal";
import { catalogue, code, editor, importing, remote, results, saving } from "@/editor/session";
import type { Action, Context } from "./action";
import { arrangeActions } from "./arrange";
import { blockActions } from "./blocks";
import { editActions } from "./edit";
import { fileActions } from "./file";
import { lookActions } from "./look";
import { networkActions } from "./network";
import { view } from "./view";

export const actions: readonly Action[] = [
  ...editActions,
  ...blockActions,
  ...arrangeActions,
  ...lookActions,
  ...networkActions,
  ...fileActions,
];

/** The page's own context. */
export const context: Context = { editor, results, saving, remote, code, importing, catalogue, view };

/** The action of this id. Throws where there is none: ids are written in code. */
export function action(id: string): Action {
  const found = actions.find((one) => one.id === id);
  if (!found) throw new Error(`There is no action ${id}.`);
  return found;
}

/** Performs an action if it is enabled; a refusal is said to the person. */
export async function run(id: string, on: Context = context): Promise<void> {
  const found = action(id);
  if (found.enabled(on)) await attempt(() => found.perform(on), on);
}

/** Does something that may be refused. */
export async function attempt(perform: () => void | Promise<void>, on: Context = context): Promise<void> {
  try {
    await perform();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    on.view().say?.(error.message);
  }
}
