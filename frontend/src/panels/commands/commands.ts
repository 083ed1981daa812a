/** What can be found: everything that can be done now, and every node of the document. */
import type { Context } from "@/actions/action";
import { actions, run } from "@/actions/actions";
import { formatShortcut } from "@/actions/shortcut";
import { blocksOf, type GraphName, graphOf, typeName } from "@/document/document";
import { scoreOf } from "@/editor/search";

export interface Command {
  id: string;
  title: string;
  /** What kind of thing it is, or where it is. */
  hint: string;
  shortcut?: string;
  perform(): void;
}

const MOST = 60;

/** The enabled actions, and the nodes: those of the graph in hand first. `on` is the page's own context. */
export function allCommands(on: Context): Command[] {
  const found: Command[] = actions
    .filter((one) => one.id !== "commands" && one.enabled(on))
    .map(({ id, title, group, shortcuts: [shortcut] }) => ({
      id: `action ${id}`,
      title,
      hint: group,
      shortcut: shortcut === undefined ? undefined : formatShortcut(shortcut),
      perform: () => void run(id, on),
    }));
  const { document, graph: hand } = on.editor.state();
  const graphs: GraphName[] = [null, ...Object.keys(blocksOf(document))];
  for (const graph of [hand, ...graphs.filter((name) => name !== hand)]) {
    for (const [key, node] of Object.entries(graphOf(document, graph)?.nodes ?? {})) {
      const place = graph === hand ? "" : graph === null ? ", in the network" : `, in ${graph}`;
      found.push({
        id: `node ${graph ?? ""}.${key}`,
        title: key,
        hint: `${typeName(node) ?? "node"}${place}`,
        perform() {
          if (graph !== on.editor.state().graph) on.editor.open(graph);
          on.editor.show([key]);
        },
      });
    }
  }
  return found;
}

/** Those that match, best first; for no words the first of all. */
export function matching(commands: readonly Command[], query: string): Command[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return commands.slice(0, MOST);
  const words = wanted.split(/\s+/);
  const score = ({ title, hint }: Command) => {
    const text = `${title} ${hint}`.toLowerCase();
    const all = words.every((word) => text.includes(word)) ? 30 : 0;
    return Math.max(scoreOf(title, wanted), all, 0.5 * scoreOf(hint, wanted));
  };
  return commands
    .map((command) => ({ command, score: score(command) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ command }) => command);
}
