/** Which block is in hand, and the way back. Of a long way the middle is folded into a list. */
import { titleOf } from "@/document/document";
import { placesOn } from "@/document/paths";
import { useEditor } from "@/editor/hooks";
import { editor } from "@/editor/session";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";

/** How many blocks above the one in hand are named; of more, the last. */
const NAMED = 2;

export function Breadcrumb() {
  const document = useEditor((state) => state.document);
  const graph = useEditor((state) => state.graph);
  const use = useEditor((state) => state.use);
  if (graph === null) return null;
  const places = use === null ? [] : placesOn(document, use);
  // The block that a node uses is entered where the way goes on from it.
  const above = places.slice(0, -1).map(({ node }, n) => {
    const { path, graph: block } = places[n + 1]!;
    return { label: node, block: block!, path };
  });
  const folded = above.length > NAMED ? above.slice(0, 1 - NAMED) : [];
  const home = () => (places[0] ? editor.goTo(places[0].path) : editor.open(null));
  return (
    <nav className="breadcrumb" aria-label="Blocks" data-testid="breadcrumb">
      <Button variant="quiet" size="small" onClick={home}>
        {titleOf(document) || "Network"}
      </Button>
      <Icon name="chevronRight" size={12} />
      {folded.length > 0 && (
        <>
          <Menu
            label={`${folded.length} more blocks`}
            className="btn quiet small"
            items={folded.map(({ label, block, path }) => ({ label, hint: block, onSelect: () => editor.goTo(path) }))}
          >
            …
          </Menu>
          <Icon name="chevronRight" size={12} />
        </>
      )}
      {above.slice(folded.length).map(({ label, block, path }) => (
        <span key={path} className="crumb">
          <Button variant="quiet" size="small" title={`${label}, ${block}`} onClick={() => editor.goTo(path)}>
            {label}
          </Button>
          <Icon name="chevronRight" size={12} />
        </span>
      ))}
      <b aria-current="page" title={graph}>
        {graph}
      </b>
      <span className="crumb-use" title={use ?? undefined}>
        {use === null ? "nothing uses it yet" : `as ${places.at(-1)?.node ?? use}`}
      </span>
    </nav>
  );
}
