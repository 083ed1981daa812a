/** Actions on the network as a whole, and on what it gives. */
import type { Problem } from "@/api/answer";
import { goToProblem } from "@/editor/problems";
import type { Action, Context } from "./action";

const placed = ({ results }: Context) => results.store.getState().list.filter((problem) => problem.node !== null);

/** The problem that was gone to last: the next one comes after it. */
let last: Problem | null = null;

function step(context: Context, by: 1 | -1): void {
  const problems = placed(context);
  const at = last === null ? -1 : problems.indexOf(last);
  const next = problems[at < 0 ? (by === 1 ? 0 : problems.length - 1) : (at + by + problems.length) % problems.length];
  if (!next) return;
  last = next;
  goToProblem(context.editor, next);
}

export const networkActions: Action[] = [
  {
    id: "training",
    title: "Switch between training and evaluation",
    group: "Network",
    shortcuts: ["T"],
    enabled: () => true,
    perform({ editor }) {
      editor.dispatch({ kind: "head", field: "training", value: editor.state().document.training !== true });
    },
  },
  {
    id: "draw",
    title: "Draw dropout again",
    group: "Network",
    shortcuts: ["R"],
    enabled: ({ results }) => results.store.getState().answer !== null,
    perform: ({ results }) => results.setDraw(results.store.getState().draw + 1),
  },
  {
    id: "next-problem",
    title: "Next problem",
    group: "Network",
    shortcuts: ["F8"],
    enabled: (context) => placed(context).length > 0,
    perform: (context) => step(context, 1),
  },
  {
    id: "previous-problem",
    title: "Previous problem",
    group: "Network",
    shortcuts: ["Shift+F8"],
    enabled: (context) => placed(context).length > 0,
    perform: (context) => step(context, -1),
  },
  {
    id: "leave-block",
    title: "Back to the network",
    group: "Network",
    shortcuts: ["Alt+ArrowUp"],
    enabled: ({ editor }) => editor.state().graph !== null,
    perform: ({ editor }) => editor.open(null),
  },
];
