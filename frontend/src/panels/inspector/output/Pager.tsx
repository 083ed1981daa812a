/** One of many: backwards, where, forwards. */
import { IconButton } from "@/ui/Button";

interface PagerProps {
  /** What is counted: "maps", "rows". */
  label: string;
  /** Where, in words: "1–36 of 512". */
  text: string;
  page: number;
  pages: number;
  onPage(page: number): void;
}

export function Pager({ label, text, page, pages, onPage }: PagerProps) {
  if (pages <= 1) return null;
  return (
    <fieldset className="pager" aria-label={label}>
      <IconButton label={`Earlier ${label}`} icon="chevronUp" disabled={page === 0} onClick={() => onPage(page - 1)} />
      <span aria-live="polite">
        {label} {text}
      </span>
      <IconButton
        label={`Later ${label}`}
        icon="chevronDown"
        disabled={page >= pages - 1}
        onClick={() => onPage(page + 1)}
      />
    </fieldset>
  );
}
