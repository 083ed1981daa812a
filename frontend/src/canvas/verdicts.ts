/** Which ports a wire that begins here may end at, and why not at the others. */
import { graphOf } from "@/document/document";
import { fits, type Verdict } from "@/document/fits";
import { portsOf } from "@/editor/catalogue";
import { catalogue, editor } from "@/editor/session";
import { portKey } from "./connecting";
import type { Scene } from "./scene";

export interface Start {
  node: string;
  port: string;
  side: "in" | "out";
}

export function verdictsFrom(start: Start, scene: Scene): Map<string, Verdict> {
  const { document, graph: name } = editor.state();
  const graph = graphOf(document, name)!;
  const types = catalogue.store.getState();
  const ports = (key: string) => portsOf(types, document, name, key);
  const verdicts = new Map<string, Verdict>();
  for (const view of scene.nodes) {
    for (const port of start.side === "out" ? view.inputs : view.outputs) {
      const end = { node: view.key, port: port.name };
      const verdict = start.side === "out" ? fits(graph, start, end, ports) : fits(graph, end, start, ports);
      verdicts.set(portKey(view.key, port.name), verdict);
    }
  }
  return verdicts;
}
