/** One line of a form: name, control, what is wrong with it. */
import { type ReactNode, useId } from "react";
import type { Problem } from "@/api/answer";
import { IconButton } from "@/ui/Button";
import { ProblemNote } from "../ProblemNote";

interface FieldRowProps {
  /** The field's address. */
  name: string;
  /** Its name in the form, where that is shorter than the address. */
  short?: string;
  /** Its name in words, where it is no parameter of torch. */
  label?: string;
  /** What it is, as a hint. */
  summary?: string;
  /** A mark beside the name: "required", "from the input". */
  mark?: ReactNode;
  /** Why the typed text is no value. */
  reason: string | null;
  problems?: readonly Problem[];
  /** Takes the value away; null where there is none. */
  reset?: (() => void) | null;
  resetLabel?: string;
  children(ids: { control: string; describedBy: string | undefined; invalid: boolean }): ReactNode;
}

export function FieldRow(props: FieldRowProps) {
  const { name, short = name, label, summary, mark, reason, problems = [], reset, resetLabel, children } = props;
  const id = useId();
  const notes = reason !== null || problems.length > 0;
  const described = [summary || mark ? `${id}-hint` : "", notes ? `${id}-notes` : ""].filter(Boolean).join(" ");
  const faulty = reason !== null || problems.some((problem) => problem.severity === "error");
  return (
    <div className={`field-row ${faulty ? "faulty" : ""}`} data-field={name}>
      <label
        htmlFor={`${id}-control`}
        title={summary || undefined}
        className={label === undefined ? "mono" : undefined}
      >
        {label ?? short}
      </label>
      <div className="field-control">
        {children({ control: `${id}-control`, describedBy: described || undefined, invalid: faulty })}
        {mark && (
          <span className="field-mark" aria-hidden="true">
            {mark}
          </span>
        )}
      </div>
      {reset ? (
        <IconButton
          label={resetLabel ?? `Reset ${label ?? short}`}
          icon="undo"
          className="field-reset"
          onClick={reset}
        />
      ) : (
        <span />
      )}
      <span id={`${id}-hint`} className="hidden">
        {summary} {mark}
      </span>
      {notes && (
        <div id={`${id}-notes`} className="field-notes">
          {reason !== null && <p className="reason">{reason}</p>}
          {problems.map((problem) => (
            <ProblemNote key={problem.code + problem.message} problem={problem} />
          ))}
        </div>
      )}
    </div>
  );
}
