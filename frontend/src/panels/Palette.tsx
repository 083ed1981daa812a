/** The catalogue: search first, then the common layers, then every family. Drag a layer out, or press it. */
import { type KeyboardEvent, memo, useDeferredValue, useMemo, useRef, useState } from "react";
import type { NetworkDoc } from "@/document/document";
import { useCatalogue, useEditor } from "@/editor/hooks";
import type { CatalogueState } from "@/editor/interface";
import { type Match, searchTypes } from "@/editor/search";
import { editor } from "@/editor/session";
import { familyColour } from "@/ui/families";
import { Icon } from "@/ui/Icon";
import { Kbd } from "@/ui/Kbd";
import { type Aim, useWorkspace } from "@/workspace/workspace";
import { COMMON } from "./common";
import { ranked } from "./fitting";
import { useDragOut } from "./useDragOut";
import "./palette.css";

const MOST = 60;

interface Group {
  name: string;
  items: Match[];
  open: boolean;
}

/** Behind the selected node, when it is one; else on its own. */
function aimNow(): Aim {
  const { selection } = editor.state();
  const [node] = selection;
  return selection.size === 1 && node !== undefined ? { kind: "after", node } : { kind: "free" };
}

export function Palette() {
  const [query, setQuery] = useState("");
  const [opened, setOpened] = useState<Record<string, boolean>>({ Common: true });
  const types = useCatalogue();
  const document = useBlocks();
  const searched = useDeferredValue(query);
  const groups = useGroups(types, document, searched, opened);
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const first = searched.trim() === "" ? undefined : groups[0]?.items[0];

  const add = (type: string) => useWorkspace.getState().canvas?.add(type, aimNow());
  const drag = useDragOut();

  const move = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const rows = [...list.current!.querySelectorAll<HTMLElement>("button")];
    const at = rows.indexOf(globalThis.document.activeElement as HTMLElement);
    const next = event.key === "ArrowDown" ? at + 1 : at - 1;
    if (next < 0) input.current?.focus();
    else rows[Math.min(next, rows.length - 1)]?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go from the search to the list and back
    <div className="palette" onKeyDown={move}>
      <div className="palette-search">
        <Icon name="search" size={14} />
        <input
          ref={input}
          id="palette-search"
          type="search"
          aria-label="Search layers"
          placeholder={types.ready ? `Search ${types.layers.size} layers` : "Search layers"}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && first) add(first.type);
            if (event.key === "Escape") {
              if (query === "") event.currentTarget.blur();
              else setQuery("");
            }
          }}
        />
        {query === "" && <Kbd>/</Kbd>}
      </div>
      <div className="palette-list" ref={list} data-testid="palette">
        {groups.map((group, place) => (
          <section key={group.name} aria-label={group.name}>
            {searched.trim() === "" ? (
              <h2>
                <button
                  type="button"
                  aria-expanded={group.open}
                  // One stop for Tab; arrows go through the list.
                  tabIndex={place === 0 ? 0 : -1}
                  onClick={() => setOpened({ ...opened, [group.name]: !group.open })}
                >
                  <Icon name={group.open ? "chevronDown" : "chevronRight"} size={12} />
                  {group.name}
                  <em>{group.items.length}</em>
                </button>
              </h2>
            ) : (
              <h2 className="plain">
                {group.items.length === 0 ? "Nothing found" : "Best matches"}
                {group.items.length > 0 && <em>{group.items.length}</em>}
              </h2>
            )}
            {group.open && group.items.map((item) => <Item key={item.type} item={item} onAdd={add} {...drag} />)}
            {searched.trim() !== "" && group.items.length === 0 && (
              <p className="palette-none">Try another word, such as “dense”, “pool” or “loss”.</p>
            )}
          </section>
        ))}
        {!types.ready && <p className="palette-none">The list comes from the server, which does not answer yet.</p>}
      </div>
    </div>
  );
}

interface ItemProps {
  item: Match;
  onAdd: (type: string) => void;
  onPointerDown: (event: React.PointerEvent, type: string, family: string) => void;
  /** Whether a press was the end of a drag. */
  dragged: () => boolean;
}

const Item = memo(function Item({ item, onAdd, onPointerDown, dragged }: ItemProps) {
  return (
    <button
      type="button"
      className="palette-item"
      tabIndex={-1}
      style={{ ["--family" as string]: familyColour(item.family) }}
      data-testid={`palette-${item.type}`}
      onPointerDown={(event) => onPointerDown(event, item.type, item.family)}
      onClick={() => !dragged() && onAdd(item.type)}
    >
      <i aria-hidden="true" />
      <span>
        <b>{item.type}</b>
        {item.alias && <small className="alias">{item.alias}</small>}
        <small>{item.summary}</small>
      </span>
    </button>
  );
});

/** The document changes with every key; the palette reads only which blocks there are. */
function useBlocks(): NetworkDoc {
  const blocks = useEditor((state) => state.document.blocks);
  return useMemo(() => ({ format: "torchwire/1", nodes: {}, blocks }), [blocks]);
}

function useGroups(
  types: CatalogueState,
  document: NetworkDoc,
  query: string,
  opened: Record<string, boolean>,
): Group[] {
  const found = useMemo(() => searchTypes(types, document, query), [types, document, query]);
  return useMemo(() => {
    if (query.trim() !== "") {
      // In the order of quick-add; what fits where the search was typed is not known here.
      const items = ranked(found, { kind: "free" }, query).slice(0, MOST);
      return [{ name: "Matches", items, open: true }];
    }
    const byType = new Map(found.map((item) => [item.type, item]));
    const common = COMMON.flatMap((type) => byType.get(type) ?? []);
    const groups = new Map<string, Match[]>();
    for (const item of found) groups.set(item.family, [...(groups.get(item.family) ?? []), item]);
    const named = [...groups].map(([name, items]) => ({ name, items, open: opened[name] ?? name === "Blocks" }));
    const first = { name: "Common", items: common, open: opened.Common ?? true };
    return common.length > 0 ? [first, ...named] : named;
  }, [found, query, opened]);
}
