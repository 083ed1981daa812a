/** Which block is in hand, and the way back. */
import { titleOf } from "@/document/document";
import { useEditor } from "@/editor/hooks";
import { editor } from "@/editor/session";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";

export function Breadcrumb() {
  const graph = useEditor((state) => state.graph);
  const use = useEditor((state) => state.use);
  const name = useEditor((state) => titleOf(state.document));
  if (graph === null) return null;
  return (
    <nav className="breadcrumb" aria-label="Blocks" data-testid="breadcrumb">
      <Button variant="quiet" size="small" onClick={() => editor.open(null)}>
        {name || "Network"}
      </Button>
      <Icon name="chevronRight" size={12} />
      <b aria-current="page">{graph}</b>
      <span>{use === null ? "nothing uses it yet" : `as ${use}`}</span>
    </nav>
  );
}
