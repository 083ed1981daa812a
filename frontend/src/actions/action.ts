/** An action: what a shortcut, a menu entry and a line of the help all are. */
import type { CatalogueStore } from "@/editor/catalogue";
import type { Code } from "@/editor/code";
import type { EditorStore } from "@/editor/editor";
import type { Importing } from "@/editor/importing";
import type { Remote } from "@/editor/remote";
import type { Results } from "@/editor/results";
import type { Saving } from "@/editor/saving";
import type { View } from "./view";

/** What actions act on. Tests make their own. */
export interface Context {
  editor: EditorStore;
  results: Pick<Results, "store" | "setDraw">;
  saving: Pick<Saving, "recents">;
  remote: Pick<Remote, "link">;
  code: Pick<Code, "download">;
  importing: Pick<Importing, "begin" | "read">;
  catalogue: Pick<CatalogueStore, "store">;
  view(): Readonly<Partial<View>>;
}

export const GROUPS = ["Edit", "Add", "Arrange", "Network", "View", "File", "Help"] as const;

export interface Action {
  id: string;
  title: string;
  group: (typeof GROUPS)[number];
  /** "Mod+Shift+Z"; Mod is Ctrl, on a Mac Command. The first is shown in menus. */
  shortcuts: readonly string[];
  /** The browser's own event (copy, cut, paste) brings it, because only that may use the clipboard everywhere. */
  native?: true;
  /** It also fires while a text field has the focus. */
  inText?: true;
  enabled(context: Context): boolean;
  perform(context: Context): void | Promise<void>;
}
