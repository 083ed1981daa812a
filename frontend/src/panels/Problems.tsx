/** What is wrong, worst first, in words, with what mends it as a button. The count in the status bar unfolds it. */
import { useMemo } from "react";
import type { Fix, Problem } from "@/api/answer";
import { useResults } from "@/editor/hooks";
import { goToProblem } from "@/editor/problems";
import { editor } from "@/editor/session";
import { Button, IconButton } from "@/ui/Button";
import { CodeText } from "@/ui/CodeText";
import { notify, togglePanel, useWorkspace } from "@/workspace/workspace";
import "./problems.css";

const RANK = { error: 0, warning: 1, info: 2 };
const WORDS = { error: "Error", warning: "Warning", info: "Note" };

function applyFix(fix: Fix): void {
  if (!editor.fix(fix.patch)) notify("The network has changed since; this fix no longer fits.");
}

export function Problems() {
  const list = useResults((state) => state.list);
  const more = useResults((state) => state.answer?.more_problems ?? 0);
  const open = useWorkspace((state) => state.problems);
  const sorted = useMemo(() => [...list].sort((a, b) => RANK[a.severity] - RANK[b.severity]), [list]);
  if (!open || sorted.length === 0) return null;
  return (
    <section className="problems" aria-label="Problems" data-testid="problems">
      <ul>
        {sorted.map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two problems may say the same
          <Row key={`${problem.code} ${problem.node} ${problem.param} ${index}`} problem={problem} />
        ))}
        {more > 0 && <li className="problem-more">and {more} more</li>}
      </ul>
      <IconButton
        className="problems-fold"
        label="Fold the problems away"
        icon="chevronDown"
        onClick={() => togglePanel("problems")}
      />
    </section>
  );
}

function Row({ problem }: { problem: Problem }) {
  const { severity, node, message, detail, fixes } = problem;
  return (
    <li className={severity} data-testid="problem" data-code={problem.code} data-node={node ?? ""}>
      <button
        type="button"
        className="problem-go"
        title={detail ?? undefined}
        disabled={node === null}
        onClick={() => goToProblem(editor, problem)}
      >
        <i aria-hidden="true" />
        <span className="hidden">{WORDS[severity]}: </span>
        <span className="problem-message">
          <CodeText>{message}</CodeText>
        </span>
      </button>
      {fixes.map((fix, index) => (
        <Button
          key={fix.title}
          size="small"
          variant={index === 0 && severity === "error" ? "primary" : "plain"}
          data-testid="fix"
          onClick={() => applyFix(fix)}
        >
          {fix.title}
        </Button>
      ))}
    </li>
  );
}
