/** Whether what is seen is what torch says now. */
import { useEffect, useState } from "react";
import { useResults } from "@/editor/hooks";

/** An answer within this many ms is "live": words that change with every key say nothing. */
const PATIENCE = 250;

export function Live() {
  const phase = useResults((state) => state.phase);
  const ms = useResults((state) => state.ms);
  const refusal = useResults((state) => state.refusal);
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (phase !== "computing") {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [phase]);

  let state = "live";
  let words = ms === null ? "live" : `live, ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (phase === "offline") {
    state = "away";
    words = "server away, edits are kept";
  } else if (refusal !== null) {
    state = "refused";
    words = refusal;
  } else if (slow) {
    state = "computing";
    words = "computing";
  }
  return (
    <span className={`live ${state}`} title={refusal ?? undefined} data-testid="live" data-state={state}>
      <i aria-hidden="true" />
      <span>{words}</span>
      {/* Read out only what a person must know, not every time. */}
      <span className="hidden" role="status">
        {state === "away" ? words : ""}
      </span>
    </span>
  );
}
