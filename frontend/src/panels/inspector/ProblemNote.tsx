/** A problem in place: what, why, and the fixes as buttons. */
import type { Problem } from "@/api/answer";
import { editor } from "@/editor/session";
import { Button } from "@/ui/Button";
import { CodeText } from "@/ui/CodeText";

export function ProblemNote({ problem }: { problem: Problem }) {
  return (
    <div className={`problem-note ${problem.severity}`}>
      <p>
        <CodeText>{problem.message}</CodeText>
      </p>
      {problem.detail && (
        <details>
          <summary>torch's own words</summary>
          <code>{problem.detail}</code>
        </details>
      )}
      {problem.fixes.length > 0 && (
        <div className="fixes">
          {problem.fixes.map((fix) => (
            <Button key={fix.title} size="small" onClick={() => editor.fix(fix.patch)}>
              {fix.title}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
