/** Pages through the parts of a large tensor. */
import { Pager } from "./Pager";
import type { PartState } from "./usePart";

export function PartPager({ part: { parts, number, part, setNumber } }: { part: PartState }) {
  return (
    <Pager
      label="parts"
      text={`[${part.index}], ${number + 1} of ${parts.count}`}
      page={number}
      pages={parts.count}
      onPage={setNumber}
    />
  );
}
