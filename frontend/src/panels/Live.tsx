/** Whether what is seen is what torch says now. */
import { useEffect, useState } from "react";
import { useResults } from "@/editor/hooks";

/** An answer within this many ms is "live": words that change with every key say nothing. */
const PATIENCE = 250;

function useLive(): { state: string; words: string; refusal: string | null } {
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
  return { state, words, refusal };
}

/** The words alone, for the status bar where the toolbar has room for the dot only. */
export function LiveWords() {
  const { state, words } = useLive();
  return state === "away" ? null : <span className="live-words">{words}</span>; // being away is told in the toolbar too
}

export function Live() {
  const { state, words, refusal } = useLive();
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
