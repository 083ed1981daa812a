import { afterEach, expect, test } from "vitest";
import { context } from "@/actions/actions";
import { provide } from "@/actions/view";
import { emptyDocument } from "@/document/empty";
import { editor } from "@/editor/session";
import { allCommands, matching } from "./commands";

const end = provide({ layout: () => {}, commands: () => {} });
afterEach(() => editor.load(emptyDocument()));

const load = () =>
  editor.load({
    ...emptyDocument(),
    nodes: { x: { type: "Input" }, unit: { type: "Body", inputs: { x: "x" } } },
    blocks: { Body: { nodes: { x: { type: "Input" }, fc: { type: "Linear", inputs: { input: "x" } } } } },
  });

test("what can be done now is found by its words, and itself is not listed", () => {
  load();
  const titles = (query: string) => matching(allCommands(context), query).map(({ title }) => title);
  expect(titles("tidy")[0]).toBe("Tidy up the layout");
  expect(titles("layout tidy")[0]).toBe("Tidy up the layout");
  expect(titles("notebook")[0]).toBe("Export a notebook");
  expect(titles("delete")).not.toContain("Delete"); // nothing is selected
  editor.select(["x"]);
  expect(titles("delete")[0]).toBe("Delete");
  expect(titles("Find a command")).not.toContain("Find a command or a node");
  expect(titles("qqqq")).toEqual([]);
  expect(titles("").length).toBeGreaterThan(10);
  end();
  expect(titles("tidy")).toEqual([]);
});

test("a node of another graph is opened and shown", () => {
  load();
  const [first] = matching(allCommands(context), "fc");
  expect(first).toMatchObject({ title: "fc", hint: "Linear, in Body" });
  first!.perform();
  expect(editor.state()).toMatchObject({ graph: "Body", use: "unit" });
  expect([...editor.state().selection]).toEqual(["fc"]);
  expect(matching(allCommands(context), "unit")[0]!.hint).toBe("Body, in the network");
});
