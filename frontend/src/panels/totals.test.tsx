import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { NodeAnswer, NodeState, Problem, Totals } from "@/api/answer";
import { emptyDocument } from "@/document/empty";
import { NO_RESULTS } from "@/editor/results";
import { editor, results } from "@/editor/session";
import { answerOf } from "@/editor/testing/server";
import { useWorkspace } from "@/workspace/workspace";
import { Network } from "./inspector/Network";
import { Problems } from "./Problems";
import { StatusBar } from "./StatusBar";

let box: HTMLElement;
let root: Root;

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  editor.load({ ...emptyDocument(), nodes: { x: { type: "Input" }, fc: { type: "Linear" } } });
  box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
});
afterEach(() => {
  act(() => root.unmount());
  box.remove();
  results.store.setState(NO_RESULTS);
  editor.load(emptyDocument());
});

function shown(): string {
  act(() =>
    root.render(
      <>
        <Network />
        <Problems />
        <StatusBar />
      </>,
    ),
  );
  return box.textContent!;
}

function answered(state: NodeState, totals: Totals): void {
  const answer = { ...answerOf({ x: [1, 4], fc: [1, 3] }), totals };
  const nodes = new Map(Object.entries(answer.nodes));
  nodes.set("fc", { ...(nodes.get("fc") as NodeAnswer), state });
  act(() => results.store.setState({ answer, totals, nodes, phase: "idle" }));
}

it("says nothing of a network that nobody has counted", () => {
  results.store.setState({ phase: "computing" });
  const text = shown();
  expect(text).toContain("counting…");
  expect(text).not.toMatch(/\b0\b|no problems|print\(model\)|No parameters/);
});

it("tells totals of the whole network from those of what runs", () => {
  const totals: Totals = { parameters: 61_826, trainable: 61_826, macs: 357_600, unknown: 0 };
  answered("ok", totals);
  expect(shown()).not.toMatch(/as written|of what runs/);
  answered("error", totals);
  expect(shown()).toContain("61,826 parameters as written357,600 multiply-adds of what runs");
  answered("ok", { ...totals, unknown: 1 });
  expect(shown()).toContain("61,826 parameters known, 1 layer unknown");
});

it("lists problems when they are asked for, never by itself", () => {
  const problem = { code: "missing-wire", severity: "error", node: "fc", message: "fc needs a wire.", fixes: [] };
  answered("error", { parameters: 0, trainable: 0, macs: 0, unknown: 1 });
  act(() => results.store.setState({ list: [problem as unknown as Problem] }));
  expect(shown()).not.toContain("fc needs a wire.");
  const count = box.querySelector<HTMLElement>("[data-testid=total-problems] button")!;
  expect(count.textContent).toBe("1 problem");
  act(() => count.click());
  expect(box.textContent).toContain("fc needs a wire.");
  act(() => box.querySelector<HTMLElement>(".problems-fold")!.click());
  expect(box.textContent).not.toContain("fc needs a wire.");
  expect(useWorkspace.getState().problems).toBe(false);
});
