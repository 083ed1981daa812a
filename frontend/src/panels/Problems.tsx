/** What is wrong, worst first, in words, with what mends it as a button. */
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
  const [worst] = sorted;
  if (!worst) return null;
  const shown = open ? sorted : [worst];
  return (
    <section className={open ? "problems open" : "problems"} aria-label="Problems" data-testid="problems">
      <ul>
        {shown.map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two problems may say the same
          <Row key={`${problem.code} ${problem.node} ${problem.param} ${index}`} problem={problem} />
        ))}
        {open && more > 0 && <li className="problem-more">and {more} more</li>}
      </ul>
      {sorted.length > 1 && (
        <IconButton
          className="problems-fold"
          label={open ? "Show the worst only" : `Show all ${sorted.length + more}`}
          icon={open ? "chevronDown" : "chevronUp"}
          aria-expanded={open}
          onClick={() => togglePanel("problems")}
        >
          {!open && <span>{sorted.length - 1} more</span>}
        </IconButton>
      )}
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
