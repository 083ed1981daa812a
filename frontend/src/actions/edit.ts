/** Actions on the selection and on the history. */
import { copyNodes, pasteNodes } from "@/document/clipboard";
import type { Command } from "@/document/command";
import { graphOf, nodeOf } from "@/document/document";
import { sourceFormat } from "@/document/source";
import { readClipboard, writeClipboard } from "@/editor/files";
import type { Action, Context } from "./action";

const always = () => true;
const selecting = ({ editor }: Context) => editor.state().selection.size > 0;

/** The selection in document order. */
function selected({ editor }: Context): string[] {
  const { document, graph, selection } = editor.state();
  return Object.keys(graphOf(document, graph)?.nodes ?? {}).filter((key) => selection.has(key));
}

function remove(context: Context, heal: boolean): void {
  const { editor } = context;
  editor.dispatch({ kind: "remove", graph: editor.state().graph, nodes: selected(context), heal });
}

/** The selected nodes as text; null when nothing is selected. */
export function selectionText(context: Context): string | null {
  if (!selecting(context)) return null;
  const { document, graph } = context.editor.state();
  return copyNodes(document, graph, selected(context));
}

/** Pastes nodes and selects them; has source code read. Throws Refusal when the text is neither. */
export async function pasteText(context: Context, text: string, at: [number, number] | null): Promise<void> {
  const format = sourceFormat(text);
  if (format !== null) return context.importing.read({ format, content: text });
  const { document, graph } = context.editor.state();
  const { command, nodes } = pasteNodes(document, graph, text, at);
  context.editor.dispatch(command);
  context.editor.select(nodes);
}

/** The bypass: `when` false stands for what the node's first port receives. An expression is nobody's to overwrite. */
function bypass(context: Context): void {
  const { document, graph } = context.editor.state();
  const found = selected(context);
  const of = (key: string) => nodeOf(graphOf(document, graph), key)?.when;
  const free = found.filter((key) => of(key) === undefined || of(key) === false || of(key) === true);
  const off = free.every((key) => of(key) === false);
  const commands = free.map(
    (node): Command => ({ kind: "field", graph, node, field: "when", value: off ? undefined : false }),
  );
  context.editor.dispatch({ kind: "sequence", commands });
}

export const editActions: Action[] = [
  {
    id: "undo",
    title: "Undo",
    group: "Edit",
    shortcuts: ["Mod+Z"],
    enabled: ({ editor }) => editor.state().canUndo,
    perform: ({ editor }) => editor.undo(),
  },
  {
    id: "redo",
    title: "Redo",
    group: "Edit",
    shortcuts: ["Mod+Shift+Z", "Mod+Y"],
    enabled: ({ editor }) => editor.state().canRedo,
    perform: ({ editor }) => editor.redo(),
  },
  {
    id: "cut",
    title: "Cut",
    group: "Edit",
    shortcuts: ["Mod+X"],
    native: true,
    enabled: selecting,
    async perform(context) {
      await writeClipboard(selectionText(context) ?? "");
      remove(context, false);
    },
  },
  {
    id: "copy",
    title: "Copy",
    group: "Edit",
    shortcuts: ["Mod+C"],
    native: true,
    enabled: selecting,
    perform: (context) => writeClipboard(selectionText(context) ?? ""),
  },
  {
    id: "paste",
    title: "Paste",
    group: "Edit",
    shortcuts: ["Mod+V"],
    native: true,
    enabled: always,
    async perform(context) {
      await pasteText(context, await readClipboard(), context.view().pointer?.() ?? null);
    },
  },
  {
    id: "duplicate",
    title: "Duplicate",
    group: "Edit",
    shortcuts: ["Mod+D"],
    enabled: selecting,
    perform: (context) => pasteText(context, selectionText(context) ?? "", null),
  },
  {
    id: "delete",
    title: "Delete",
    group: "Edit",
    shortcuts: ["Delete", "Backspace"],
    enabled: selecting,
    perform: (context) => remove(context, false),
  },
  {
    id: "delete-heal",
    title: "Delete and close the gap",
    group: "Edit",
    shortcuts: ["Mod+Delete", "Mod+Backspace"],
    enabled: selecting,
    perform: (context) => remove(context, true),
  },
  {
    id: "bypass",
    title: "Bypass",
    group: "Edit",
    shortcuts: ["Mod+B"],
    enabled: selecting,
    perform: bypass,
  },
  {
    id: "rename",
    title: "Rename",
    group: "Edit",
    shortcuts: ["F2"],
    enabled: (context) => context.editor.state().selection.size === 1 && context.view().rename !== undefined,
    perform: (context) => context.view().rename?.(selected(context)[0]!),
  },
  {
    id: "select-all",
    title: "Select all",
    group: "Edit",
    shortcuts: ["Mod+A"],
    enabled: always,
    perform({ editor }) {
      const { document, graph } = editor.state();
      editor.select(Object.keys(graphOf(document, graph)?.nodes ?? {}));
    },
  },
];
