import { action, context, run } from "@/actions/actions";
import { formatShortcut } from "@/actions/shortcut";
import type { IconName } from "@/ui/Icon";
import type { MenuItem } from "@/ui/Menu";

const ICONS: Record<string, IconName> = {
  undo: "undo",
  redo: "redo",
  copy: "copy",
  delete: "trash",
  "make-block": "block",
  layout: "layout",
  fit: "fit",
  new: "file",
  open: "folder",
  save: "save",
  examples: "book",
  help: "help",
};

/** An action of the registry as an entry of a menu. */
export function menuItem(id: string): MenuItem {
  const found = action(id);
  const [shortcut] = found.shortcuts;
  return {
    label: found.title,
    icon: ICONS[id],
    shortcut: shortcut === undefined ? undefined : formatShortcut(shortcut),
    disabled: !found.enabled(context),
    onSelect: () => void run(id),
  };
}

/** How an action's first shortcut is written. */
export function shortcutOf(id: string): string | undefined {
  const [shortcut] = action(id).shortcuts;
  return shortcut === undefined ? undefined : formatShortcut(shortcut);
}
