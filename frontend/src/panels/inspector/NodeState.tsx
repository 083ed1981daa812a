/** Why a node has no result, and where the cause is. */
import type { NodeAnswer } from "@/api/answer";
import { editor } from "@/editor/session";

export function NodeState({ answer }: { answer: NodeAnswer | undefined }) {
  if (!answer) return null;
  if (answer.state === "error") return <p className="state error">The fault is here.</p>;
  if (answer.state === "skipped") {
    return <p className="state">Not computed: over a limit. Its shapes and counts are exact.</p>;
  }
  if (answer.state !== "blocked") return null;
  return (
    <p className="state">
      Waits for{" "}
      {answer.blocked_by.map((path, at) => (
        <span key={path}>
          {at > 0 && ", "}
          <button type="button" className="link" onClick={() => editor.goTo(path)}>
            {path}
          </button>
        </span>
      ))}
      {answer.blocked_by.length === 0 && "what is before it"}, which has a fault.
    </p>
  );
}
