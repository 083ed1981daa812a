import type { Problem } from "@/api/answer";
import type { Editor } from "./interface";

/** The field of the settings form that a problem is about: a parameter, or `inputs.<port>`. */
export function fieldOf(problem: Problem): string | undefined {
  if (problem.param !== null) return problem.param;
  return problem.port === null ? undefined : `inputs.${problem.port}`;
}

/** Goes to the node and the field that a problem names. */
export function goToProblem(editor: Editor, problem: Problem): void {
  if (problem.node !== null) editor.goTo(problem.node, fieldOf(problem));
}
