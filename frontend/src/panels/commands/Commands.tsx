/** A search over everything that can be done, and every node. Enter does it. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { context } from "@/actions/actions";
import { Kbd } from "@/ui/Kbd";
import { useWorkspace } from "@/workspace/workspace";
import { useChoice } from "../useChoice";
import { allCommands, type Command, matching } from "./commands";
import "../quickadd.css";
import "./commands.css";

export function Commands({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [commands] = useState(() => allCommands(context));
  const [query, setQuery] = useState("");
  const found = matching(commands, query);
  // Before anything is typed nothing is chosen: Enter would do what nobody asked for.
  const { list, active, choose, handled } = useChoice(found.length, -1, (index) => take(found[index]));

  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);

  const take = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    // After the dialog has given the focus back: a name that is edited takes it.
    setTimeout(() => {
      command.perform();
      if (command.id.startsWith("node ")) requestAnimationFrame(() => useWorkspace.getState().canvas?.focus());
    });
  };
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (handled(event)) return;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onClose();
    }
  };

  return (
    <dialog
      ref={dialog}
      className="quick-add commands"
      aria-label="Find a command or a node"
      data-testid="commands"
      onKeyDown={keys}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="quick-add-head">
        <input
          role="combobox"
          aria-label="Find a command or a node"
          aria-expanded="true"
          aria-controls="commands-list"
          aria-activedescendant={found[active] ? `command-${active}` : undefined}
          aria-autocomplete="list"
          placeholder="Find a command or a node"
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            choose(event.target.value.trim() === "" ? -1 : 0);
          }}
        />
      </div>
      <div ref={list} id="commands-list" role="listbox" aria-label="Found" tabIndex={-1} className="quick-add-list">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys
          <div
            key={command.id}
            id={`command-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            data-index={index}
            data-command={command.id}
            onPointerMove={({ movementX, movementY }) => {
              // A pointer that rests where the list opens has chosen nothing.
              if (movementX !== 0 || movementY !== 0) choose(index);
            }}
            onClick={() => take(command)}
          >
            <span className={command.id.startsWith("node ") ? "mono" : undefined}>{command.title}</span>
            <small>{command.hint}</small>
            {command.shortcut && <Kbd>{command.shortcut}</Kbd>}
          </div>
        ))}
        {found.length === 0 && <p>Nothing is called that.</p>}
      </div>
    </dialog>
  );
}
