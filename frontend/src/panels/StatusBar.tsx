/** What the network costs, counted by torch. */
import { graphOf } from "@/document/document";
import { useEditor, usePartial, useResults } from "@/editor/hooks";
import { Icon } from "@/ui/Icon";
import { togglePanel, useWorkspace } from "@/workspace/workspace";
import { LiveWords } from "./Live";
import { SavingWords } from "./SavingWords";
import "./problems.css";

export const grouped = (value: number): string => value.toLocaleString("en-US");

const counted = (count: number, word: string) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;

export function StatusBar() {
  const totals = useResults((state) => state.totals);
  const open = useWorkspace((state) => state.problems);
  const phase = useResults((state) => state.phase);
  const stale = useResults((state) => state.stale);
  const problems = useResults((state) => state.list.length + (state.answer?.more_problems ?? 0));
  const errors = useResults((state) => state.list.filter((problem) => problem.severity === "error").length);
  const partial = usePartial();
  const nodes = useEditor((state) => Object.keys(graphOf(state.document, state.graph)?.nodes ?? {}).length);
  return (
    <footer className={stale ? "status stale" : "status"} data-testid="status">
      {!totals && nodes > 0 && (
        <span data-testid="total-waiting">{phase === "computing" ? "counting…" : "not counted"}</span>
      )}
      {totals && (
        <>
          <span>
            <b data-testid="total-parameters">{grouped(totals.parameters)}</b> parameters
            {totals.unknown > 0 && " known, "}
            {totals.unknown > 0 && <b data-testid="total-unknown">{counted(totals.unknown, "layer")} unknown</b>}
            {totals.unknown === 0 && partial && " as written"}
          </span>
          {totals.trainable !== totals.parameters && (
            <span>
              <b data-testid="total-trainable">{grouped(totals.trainable)}</b> trainable
            </span>
          )}
          <span>
            <b data-testid="total-macs">{totals.macs === null ? "unknown" : grouped(totals.macs)}</b> multiply-adds
            {totals.macs !== null && partial && " of what runs"}
          </span>
        </>
      )}
      <span className="grow" />
      <SavingWords />
      <LiveWords />
      <span data-testid="total-nodes">{counted(nodes, "node")}</span>
      {totals && (
        <span className={errors > 0 ? "bad" : undefined} data-testid="total-problems">
          {problems === 0 ? (
            "no problems"
          ) : (
            <button
              type="button"
              className="status-problems"
              aria-expanded={open}
              title={open ? "Fold the problems away" : "Show what is wrong, with what mends it"}
              onClick={() => togglePanel("problems")}
            >
              <b>{counted(problems, "problem")}</b>
              <Icon name={open ? "chevronDown" : "chevronUp"} size={12} />
            </button>
          )}
        </span>
      )}
    </footer>
  );
}
