/** How far the network is saved, in words: beside its name, and in the status bar where the head has no room. */
import { useSaving } from "@/editor/hooks";

export function SavingWords({ testId }: { testId?: string }) {
  const saving = useSaving();
  const conflict = saving.remote.status === "conflict";
  return (
    <span
      className={`saving ${conflict ? "conflict" : saving.status}`}
      title={saving.message ?? saving.remote.message ?? undefined}
      role="status"
      data-testid={testId}
    >
      {saving.label}
    </span>
  );
}
