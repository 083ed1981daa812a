/** A search at the pointer: what fits comes first, Enter adds it and wires it. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useCatalogue } from "@/editor/hooks";
import { type Match, searchTypes } from "@/editor/search";
import { editor } from "@/editor/session";
import { familyColour } from "@/ui/families";
import { type Aim, type QuickAddRequest, useWorkspace } from "@/workspace/workspace";
import { ranked } from "./fitting";
import { useChoice } from "./useChoice";
import "./quickadd.css";

const MOST = 50;
const SIZE = { width: 320, height: 380 };

export function QuickAdd() {
  const request = useWorkspace((state) => state.quickAdd);
  if (!request) return null;
  return <Search key={`${request.at.x} ${request.at.y}`} request={request} />;
}

const close = () => useWorkspace.setState({ quickAdd: null });

function titleOf(aim: Aim): string {
  switch (aim.kind) {
    case "after":
      return `after ${aim.node}`;
    case "from":
      return `reads ${aim.reference}`;
    case "into":
      return `feeds ${aim.to.node}`;
    case "on":
      return `into the wire to ${aim.to.node}`;
    case "free":
      return "not wired yet";
  }
}

function Search({ request }: { request: QuickAddRequest }) {
  const { at, aim, pointed } = request;
  const [query, setQuery] = useState("");
  const types = useCatalogue();
  const box = useRef<HTMLDivElement>(null);
  const found = useMemo(
    () => ranked(searchTypes(types, editor.state().document, query), aim, query).slice(0, MOST),
    [types, query, aim],
  );
  const { list, active, choose, handled } = useChoice(found.length, 0, (index) => take(found[index]));

  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current!.querySelector("input")!.focus();
    return () => before?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) close();
    };
    window.addEventListener("pointerdown", outside, true);
    return () => window.removeEventListener("pointerdown", outside, true);
  }, []);

  const take = (match: Match | undefined) => {
    if (!match) return;
    close();
    // A node that comes after another has its place below it; else it comes where the search was opened.
    const point = !pointed && (aim.kind === "after" || aim.kind === "on") ? undefined : at;
    useWorkspace.getState().canvas?.add(match.type, aim, point);
  };
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (handled(event)) return;
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
    }
  };

  const left = Math.max(8, Math.min(at.x, innerWidth - SIZE.width - 8));
  const top = Math.max(8, Math.min(at.y, innerHeight - SIZE.height - 8));
  return (
    <div
      ref={box}
      className="quick-add"
      style={{ left, top, width: SIZE.width }}
      role="dialog"
      aria-label="Add a layer"
      data-testid="quick-add"
      onKeyDown={keys}
    >
      <div className="quick-add-head">
        <input
          role="combobox"
          aria-label="Add a layer"
          aria-expanded="true"
          aria-controls="quick-add-list"
          aria-activedescendant={found[active] ? `quick-option-${found[active].type}` : undefined}
          aria-autocomplete="list"
          placeholder="Add a layer"
          autoComplete="off"
          spellCheck={false}
          data-testid="quick-add-input"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            choose(0);
          }}
        />
        <span>{titleOf(aim)}</span>
      </div>
      <div ref={list} id="quick-add-list" role="listbox" aria-label="Layers" tabIndex={-1} className="quick-add-list">
        {found.map((match, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys
          <div
            key={match.type}
            id={`quick-option-${match.type}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            data-index={index}
            data-testid={`quick-option-${match.type}`}
            style={{ ["--family" as string]: familyColour(match.family) }}
            onPointerMove={() => choose(index)}
            onClick={() => take(match)}
          >
            <i aria-hidden="true" />
            <span>
              <b>{match.type}</b>
              {match.alias && <em>{match.alias}</em>}
              <small>{match.summary}</small>
            </span>
          </div>
        ))}
        {found.length === 0 && <p>No layer is called that.</p>}
      </div>
    </div>
  );
}
