// @vitest-environment node
import { expect, test } from "vitest";
import { emptyDocument } from "./empty";
import { newHistory, record, redone, undone } from "./history";

const documents = ["a", "b", "c", "d"].map((name) => emptyDocument(name));
const [a, b, c, d] = documents as [
  (typeof documents)[0],
  (typeof documents)[0],
  (typeof documents)[0],
  (typeof documents)[0],
];

test("changes of one burst under 0.8 s apart are one entry", () => {
  let history = newHistory(a);
  history = record(history, b, { graph: null, burst: "conv.kernel", now: 1000 });
  history = record(history, c, { graph: null, burst: "conv.kernel", now: 1799 });
  expect(history.past.length).toBe(1);
  history = record(history, d, { graph: null, burst: "conv.kernel", now: 2599 });
  expect(history.past.length).toBe(2); // 0.8 s later
  expect(undone(history)!.history.present).toBe(c);
});

test("another field, or no burst, begins an entry", () => {
  let history = record(newHistory(a), b, { graph: null, burst: "conv.kernel", now: 0 });
  history = record(history, c, { graph: null, burst: "conv.stride", now: 1 });
  history = record(history, d, { graph: null, now: 2 });
  history = record(history, a, { graph: null, now: 3 });
  expect(history.past.map((entry) => entry.document)).toEqual([a, b, c, d]);
});

test("typing on after an undo begins a new entry and forgets what was undone", () => {
  let history = record(newHistory(a), b, { graph: null, burst: "k", now: 0 });
  history = undone(history)!.history;
  expect(redone(history)!.history.present).toBe(b);
  history = record(history, c, { graph: null, burst: "k", now: 1 });
  expect(history.past.map((entry) => entry.document)).toEqual([a]);
  expect(redone(history)).toBeNull();
});

test("the same document is no entry, and undo tells where the change was", () => {
  const history = record(newHistory(a), b, { graph: "Block", now: 0 });
  expect(record(history, b, { graph: null, now: 9 })).toBe(history);
  expect(undone(history)!.graph).toBe("Block");
  expect(redone(undone(history)!.history)!.graph).toBe("Block");
  expect(undone(newHistory(a))).toBeNull();
});
