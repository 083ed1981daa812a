/** Actions that make a block of nodes, and nodes of a block. */
import { graphOf, nodeOf } from "@/document/document";
import { encloseNodes } from "@/document/enclose";
import { freshName } from "@/document/names";
import { unpackBlock } from "@/document/unpack";
import { portsOf } from "@/editor/catalogue";
import type { Action, Context } from "./action";

/** The selected nodes that are uses of blocks. */
function uses({ editor }: Context): string[] {
  const { document, graph, selection } = editor.state();
  const type = (key: string) => nodeOf(graphOf(document, graph), key)?.type;
  return [...selection].filter((key) => graphOf(document, type(key) ?? "") !== undefined);
}

export const blockActions: Action[] = [
  {
    id: "make-block",
    title: "Make a block of the selection",
    group: "Edit",
    shortcuts: ["Mod+G"],
    enabled: ({ editor }) => editor.state().selection.size > 0,
    perform({ editor, catalogue }) {
      const { document, graph, selection } = editor.state();
      const types = catalogue.store.getState();
      const taken = new Set([...Object.keys(document.blocks ?? {}), ...types.layers.keys()]);
      const { command, node } = encloseNodes(document, graph, [...selection], freshName("Block", taken), (name, key) =>
        portsOf(types, document, name, key),
      );
      editor.dispatch(command);
      editor.select([node]);
    },
  },
  {
    id: "unpack-block",
    title: "Unpack the block",
    group: "Edit",
    shortcuts: ["Mod+Shift+G"],
    enabled: (context) => context.editor.state().selection.size === 1 && uses(context).length === 1,
    perform(context) {
      const { editor } = context;
      const { document, graph } = editor.state();
      const { command, nodes } = unpackBlock(document, graph, uses(context)[0]!);
      editor.dispatch(command);
      editor.select(nodes);
    },
  },
];
