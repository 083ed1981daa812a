/** Actions that put the selected nodes in line. */
import { align, type Frame, type Line, type Positions, spread } from "@/document/align";
import type { Action, Context } from "./action";

function arranging(
  least: number,
  action: Pick<Action, "id" | "title" | "shortcuts">,
  place: (frames: readonly Frame[]) => Positions,
): Action {
  const frames = ({ editor, view }: Context) => view().frames?.([...editor.state().selection]) ?? [];
  return {
    ...action,
    group: "Arrange",
    enabled: (context) => context.editor.state().selection.size >= least && context.view().frames !== undefined,
    perform(context) {
      const found = frames(context);
      if (found.length < least) return;
      const { editor } = context;
      editor.dispatch({ kind: "move", graph: editor.state().graph, positions: place(found) });
    },
  };
}

const LINES: readonly (readonly [Line, string, string])[] = [
  ["left", "Align left edges", "Alt+Shift+L"],
  ["centre", "Align in a column", "Alt+Shift+C"],
  ["right", "Align right edges", "Alt+Shift+R"],
  ["top", "Align top edges", "Alt+Shift+T"],
  ["middle", "Align in a row", "Alt+Shift+M"],
  ["bottom", "Align bottom edges", "Alt+Shift+B"],
];

export const arrangeActions: Action[] = [
  ...LINES.map(([line, title, shortcut]) =>
    arranging(2, { id: `align-${line}`, title, shortcuts: [shortcut] }, (frames) => align(frames, line)),
  ),
  arranging(3, { id: "spread-down", title: "Spread evenly downwards", shortcuts: ["Alt+Shift+V"] }, (frames) =>
    spread(frames, "y"),
  ),
  arranging(3, { id: "spread-across", title: "Spread evenly across", shortcuts: ["Alt+Shift+H"] }, (frames) =>
    spread(frames, "x"),
  ),
];
