/**
 * The canvas by keyboard. Tab goes from node to node in the order of the flow, W to the wires of a node and from wire to
 * wire, arrows from a wire to its ends. Space holds a node, so that others join it in the selection. Arrows move what is
 * selected, Enter goes to the settings, F2 to the name, C lists what the node can be wired to. After a click Tab opens
 * quick-add, as in other node editors; it goes on to the next node for whoever came by keyboard.
 */
import { type FocusEvent, type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import type { Command } from "@/document/command";
import { editor } from "@/editor/session";
import { useConnectList } from "./ConnectList";
import { NO_WIRES, useHover } from "./hover";
import { useNaming } from "./NameField";
import type { Scene } from "./scene";
import { afterSelection, type Flow, openQuickAdd } from "./useFlow";

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

const idAt = (target: EventTarget, kind: "node" | "edge"): string | null =>
  (target as Element).closest?.(`.react-flow__${kind}`)?.getAttribute("data-id") ?? null;

function focus(kind: "node" | "edge", id: string): void {
  const found = document.querySelector<HTMLElement>(`.react-flow__${kind}[data-id="${CSS.escape(id)}"]`);
  found?.focus({ preventScroll: true });
}

export function useKeys(scene: Scene, flow: Flow, of: string) {
  const byPointer = useRef(false);
  /** Nodes that stay selected while the focus goes on. */
  const held = useRef(new Set<string>());
  /** The node whose wires are gone through. */
  const about = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of another document or block
  useEffect(() => held.current.clear(), [of]);

  const toWire = (node: string, after: string | null) => {
    const ends = flow.edges.map((edge) => edge.data!.wire);
    const own = [...ends.filter(({ from }) => from.node === node), ...ends.filter(({ to }) => to.node === node)];
    const next = own[(own.findIndex(({ id }) => id === after) + 1) % own.length];
    if (!next) return;
    about.current = node;
    focus("edge", next.id);
  };

  const nudge = (dx: number, dy: number) => {
    const { selection, graph } = editor.state();
    const stage = flow.stage();
    if (!stage || selection.size === 0) return;
    const positions: Record<string, [number, number]> = {};
    for (const key of selection) {
      const at = stage.places.get(key);
      if (at) positions[key] = [at.x + dx, at.y + dy];
    }
    const command: Command = { kind: "move", graph, positions };
    editor.dispatch(command, `nudge ${[...selection].join(" ")}`);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.matches("input, textarea, select, [contenteditable]")) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const node = idAt(target, "node");
    const wire = scene.wires.find(({ id }) => id === idAt(target, "edge"));
    const [only] = editor.state().selection;
    const key = node ?? (editor.state().selection.size === 1 ? only! : null);
    const done = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (event.key === "Tab" && plain && !event.shiftKey && byPointer.current) {
      done();
      byPointer.current = false; // The next Tab goes on: nobody is caught between the canvas and the search.
      const box = target.closest(".canvas")!.getBoundingClientRect();
      openQuickAdd(flow.pointer.current ?? { x: box.left + box.width / 2, y: box.top + 80 }, afterSelection(scene));
    } else if (wire && plain && ARROWS[event.key]) {
      done();
      focus("node", event.key === "ArrowUp" || event.key === "ArrowLeft" ? wire.from.node : wire.to.node);
    } else if (event.key.toLowerCase() === "w" && plain && !event.shiftKey && (wire || key !== null)) {
      done();
      if (!wire) toWire(key!, null);
      else {
        const known = about.current === wire.from.node || about.current === wire.to.node;
        toWire(known ? about.current! : wire.from.node, wire.id);
      }
    } else if (wire && plain && event.key === "Escape") {
      done();
      focus("node", about.current ?? wire.from.node);
    } else if (plain && ARROWS[event.key]) {
      if (editor.state().selection.size === 0) return;
      done();
      const step = event.shiftKey ? 40 : 8;
      const [x, y] = ARROWS[event.key]!;
      nudge(x * step, y * step);
    } else if (event.key === "Enter" && plain && key !== null && !target.matches("button, a")) {
      done();
      editor.show([key], "");
    } else if (event.key === "F2" && key !== null) {
      done();
      useNaming.setState({ node: key });
    } else if (event.key.toLowerCase() === "c" && plain && !event.shiftKey && key !== null) {
      done();
      const card = document.querySelector(`[data-testid="node-${CSS.escape(key)}"]`);
      useConnectList.setState({ node: key, anchor: card?.getBoundingClientRect() ?? null });
    } else if (event.key === " " && plain && node !== null) {
      done();
      if (!held.current.delete(node)) held.current.add(node);
      editor.select([node, ...held.current]);
    } else if ((event.key === "Delete" || event.key === "Backspace") && flow.selectedWires.size > 0) {
      if (!flow.deleteWires()) return;
      done();
      if (wire) focus("node", wire.to.node);
    } else if (event.key === "Escape" && editor.state().selection.size > 0) {
      held.current.clear();
      editor.select([]);
    }
  };

  return {
    onKeyDown,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      byPointer.current = true;
      held.current.clear();
      // Keys go to what was clicked: the ground and the wires cannot have the focus themselves.
      const target = event.target as Element;
      if (!target.closest("input, button, a, .react-flow__node, .react-flow__edge")) {
        event.currentTarget.focus({ preventScroll: true });
      }
    },
    onBlur: (event: FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) held.current.clear();
    },
    onFocus: (event: FocusEvent) => {
      if (!event.target.matches(":focus-visible")) return;
      byPointer.current = false;
      const node = idAt(event.target, "node");
      if (node !== null && scene.byKey.has(node) && event.target.classList.contains("react-flow__node")) {
        // What is selected is where the focus is: a wire passed on the way is not what Delete means.
        useHover.setState({ selected: NO_WIRES });
        // Back from a dialog or a panel: what was selected there still is.
        const { selection } = editor.state();
        const back = !event.currentTarget.contains(event.relatedTarget) && selection.size > 1 && selection.has(node);
        if (!back) editor.show([node]);
        if (held.current.size > 0) editor.select([node, ...held.current]);
      }
      const wire = idAt(event.target, "edge");
      if (wire) useHover.setState({ selected: new Set([wire]) });
    },
  };
}
