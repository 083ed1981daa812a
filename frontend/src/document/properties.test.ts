// @vitest-environment node
import { describe, expect, test } from "vitest";
import { apply } from "./apply";
import { type GraphDoc, graphOf, type NetworkDoc, nodeOf } from "./document";
import { newHistory, record, redone, undone } from "./history";
import { freshName, takenNames } from "./names";
import { readDocument } from "./read";
import { parseReference, usesOf } from "./references";
import { networks } from "./testing/networks";
import { Random, randomCommand } from "./testing/random";

/** Object order is meaning, so documents are compared as text. */
const text = (document: NetworkDoc) => JSON.stringify(document);

/** References that name no node of their graph. */
function dangling(document: NetworkDoc): string[] {
  const graphs: [string, GraphDoc][] = [["", document], ...Object.entries(document.blocks ?? {})];
  return graphs.flatMap(([name, graph]) =>
    Object.entries(graph.nodes).flatMap(([key, node]) =>
      usesOf(node)
        .filter((use) => !nodeOf(graph, parseReference(use.reference)?.node ?? ""))
        .map((use) => `${name}/${key} -> ${use.reference}`),
    ),
  );
}

describe("over random lists of commands on the conformance networks", () => {
  for (const [name, start] of networks()) {
    test(`${name}: every step is a document, n undos are the start, n redos the end`, () => {
      for (let seed = 1; seed <= 4; seed += 1) {
        const random = new Random(seed);
        let history = newHistory(start);
        const before = text(start);
        for (let n = 0; n < 40; n += 1) {
          const command = randomCommand(random, history.present);
          if (!command) continue;
          const shown = text(history.present);
          const next = apply(history.present, command);
          expect(text(history.present)).toBe(shown); // pure: the old document is as it was
          expect(text(readDocument(JSON.parse(text(next))))).toBe(text(next));
          // A size in a random parameter may name a node that is not there; everything else follows.
          expect(dangling(next).filter((use) => !use.endsWith("-> x"))).toEqual([]);
          history = record(history, next, { graph: null, now: n * 10_000 });
        }
        const end = text(history.present);
        const steps = history.past.length;
        expect(steps).toBeGreaterThan(10);
        for (let n = 0; n < steps; n += 1) history = undone(history)!.history;
        expect(text(history.present)).toBe(before);
        expect(undone(history)).toBeNull();
        for (let n = 0; n < steps; n += 1) history = redone(history)!.history;
        expect(text(history.present)).toBe(end);
      }
    });

    test(`${name}: every node renamed and renamed back is the same document`, () => {
      let renamed = start;
      const names: [string | null, string, string][] = [];
      for (const graph of [null, ...Object.keys(start.blocks ?? {})]) {
        for (const node of Object.keys(graphOf(start, graph)!.nodes)) {
          const fresh = freshName(`${node}_q`, takenNames(graphOf(renamed, graph)!));
          names.push([graph, node, fresh]);
          renamed = apply(renamed, { kind: "rename", graph, node, name: fresh });
        }
      }
      expect(dangling(renamed)).toEqual([]);
      expect(text(renamed)).not.toBe(text(start));
      for (const [graph, node, fresh] of names)
        renamed = apply(renamed, { kind: "rename", graph, node: fresh, name: node });
      expect(text(renamed)).toBe(text(start));
    });
  }
});
