/**
 * Dragging a layer out of the palette, by pointer events: they work with mouse and pen, and tests can make them. Touch
 * scrolls the list; a tap adds.
 */
import { type PointerEvent, useCallback, useRef } from "react";
import { familyColour } from "@/ui/families";
import { useWorkspace } from "@/workspace/workspace";

const THRESHOLD = 4;

export function useDragOut() {
  const wasDragged = useRef(false);

  const onPointerDown = useCallback((event: PointerEvent, type: string, family: string) => {
    wasDragged.current = false;
    if (event.button !== 0 || event.pointerType === "touch") return;
    const start = { x: event.clientX, y: event.clientY };
    let ghost: HTMLElement | null = null;

    const canvas = () => useWorkspace.getState().canvas;
    const end = () => {
      ghost?.remove();
      canvas()?.dragEnd();
      document.body.classList.remove("dragging-layer");
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("keydown", key, true);
    };
    const move = (now: globalThis.PointerEvent) => {
      const at = { x: now.clientX, y: now.clientY };
      if (!ghost) {
        if (Math.hypot(at.x - start.x, at.y - start.y) < THRESHOLD) return;
        ghost = makeGhost(type, family);
        wasDragged.current = true;
        document.body.classList.add("dragging-layer");
      }
      ghost.style.transform = `translate(${at.x}px, ${at.y}px) translate(-50%, -17px)`;
      canvas()?.dragOver(at);
    };
    const up = (now: globalThis.PointerEvent) => {
      const at = { x: now.clientX, y: now.clientY };
      const target = canvas();
      if (ghost && target?.contains(at)) target.add(type, { kind: "free" }, at);
      end();
    };
    const key = (pressed: globalThis.KeyboardEvent) => {
      if (pressed.key !== "Escape") return;
      pressed.stopPropagation();
      end();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("keydown", key, true);
  }, []);

  const dragged = useCallback(() => wasDragged.current, []);
  return { onPointerDown, dragged };
}

function makeGhost(type: string, family: string): HTMLElement {
  const ghost = document.createElement("div");
  ghost.className = "drag-ghost";
  ghost.style.setProperty("--family", familyColour(family));
  const dot = document.createElement("i");
  ghost.append(dot, type);
  document.body.append(ghost);
  return ghost;
}
