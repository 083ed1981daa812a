/** New nodes: where they stand, what they are wired to, and the room they need. One command, one entry of the history. */
import type { Command, Wire } from "@/document/command";
import { graphOf, inputsOf, type NodeDoc, nodeOf, type Reference } from "@/document/document";
import { freshNodeName, takenNames } from "@/document/names";
import { newNode } from "@/document/starter";
import { layerNamed, portsOf } from "@/editor/catalogue";
import { catalogue, editor } from "@/editor/session";
import type { Aim } from "@/workspace/workspace";
import { between, freePlace, type PlaceMap } from "./room";
import type { Point } from "./route";
import { keepsCount, nodeText } from "./rows";
import type { NodeView, Scene } from "./scene";
import { GAP, nodeSize, TITLE } from "./size";

export interface Stage {
  scene: Scene;
  places: PlaceMap;
  /** What the person sees the middle of. */
  middle: Point;
}

/** Adds a node of a type and selects it. `at` is where its upper middle goes; without it a place is found. */
export function addNode(type: string, aim: Aim, at: Point | null, stage: Stage): void {
  const { document, graph: name } = editor.state();
  const graph = graphOf(document, name)!;
  const types = catalogue.store.getState();
  const block = graphOf(document, type);
  const layer = block ? null : layerNamed(types, type);
  const made: NodeDoc = layer ? newNode(layer) : { type };
  const key = freshNodeName(type, takenNames(graph));
  const trial = { ...document, nodes: { ...graph.nodes, [key]: made }, blocks: document.blocks };
  const ports = portsOf(types, { ...trial }, null, key);
  const port = ports?.inputs.find((input) => !input.optional) ?? ports?.inputs[0];
  const text = nodeText(made, layer, block);
  const foot = keepsCount(made, layer, block);
  const size = nodeSize({ name: key, type, rows: text.rows.length, foot, inPorts: [], outPorts: [] });

  const reads = (reference: Reference): NodeDoc =>
    port ? { ...made, inputs: { [port.name]: port.many ? [reference] : reference } } : made;
  const commands: Command[] = [];
  const put = (node: NodeDoc, place: Point): NodeDoc => ({
    ...node,
    position: [Math.round(place.x), Math.round(place.y)],
  });
  const dropped = at ? { x: at.x - size.width / 2, y: at.y - TITLE / 2 } : null;

  if (aim.kind === "on" && port) {
    const wire = stage.scene.wires.find(
      ({ to }) => to.node === aim.to.node && to.port === aim.to.port && to.index === aim.to.index,
    );
    const source = wire ? stage.scene.byKey.get(wire.from.node) : undefined;
    const reader = stage.scene.byKey.get(aim.to.node)!;
    const { place, moved } = between(source, reader, size, dropped, stage.scene, stage.places);
    if (moved) commands.push({ kind: "move", graph: name, positions: moved });
    commands.push({
      kind: "insert",
      graph: name,
      key,
      node: put(made, place),
      port: port.name,
      many: port.many,
      on: aim.to,
    });
  } else if (aim.kind === "into") {
    const reader = stage.scene.byKey.get(aim.to.node);
    const over = reader ? stage.places.get(reader.key) : undefined;
    const x = reader && over ? over.x + (reader.width - size.width) / 2 : stage.middle.x;
    const start = dropped ?? { x, y: (over?.y ?? stage.middle.y) - size.height - GAP };
    const place = dropped ?? freePlace(start, size, stage.scene, stage.places);
    const wires: Wire[] = [{ from: key, to: aim.to }];
    commands.push({ kind: "add", graph: name, nodes: { [key]: put(made, place) }, wires });
  } else {
    const reference = aim.kind === "from" ? aim.reference : aim.kind === "after" ? firstOutput(aim.node) : null;
    const source = aim.kind === "after" ? aim.node : aim.kind === "from" ? aim.reference.split(".")[0]! : null;
    const view = source === null ? undefined : stage.scene.byKey.get(source);
    const place = dropped ?? freePlace(below(view, size, stage), size, stage.scene, stage.places);
    const node = put(reference === null ? made : reads(reference), place);
    const after = port && source !== null && nodeOf(graph, source) ? source : undefined;
    commands.push({ kind: "add", graph: name, nodes: { [key]: node }, ...(after === undefined ? {} : { after }) });
  }
  editor.dispatch(commands.length === 1 ? commands[0]! : { kind: "sequence", commands });
  editor.select([key]);
}

/** The reference to a node's first output; null when it gives nothing. */
function firstOutput(key: string): Reference | null {
  const { document, graph } = editor.state();
  const ports = portsOf(catalogue.store.getState(), document, graph, key);
  if (!ports) return key;
  return ports.numbered ? `${key}.0` : ports.outputs.length > 0 ? key : null;
}

function below(source: NodeView | undefined, size: { width: number; height: number }, stage: Stage): Point {
  const at = source ? stage.places.get(source.key) : undefined;
  if (source && at) return { x: at.x + (source.width - size.width) / 2, y: at.y + source.height + GAP };
  if (stage.scene.nodes.length === 0) return { x: stage.middle.x - size.width / 2, y: stage.middle.y - 160 };
  return { x: stage.middle.x - size.width / 2, y: stage.middle.y - size.height / 2 };
}

/** The commands that put a node that stands alone into a wire; null when it has wires already, or takes none. */
export function insertExisting(key: string, wireId: string, stage: Stage): Command[] | null {
  const { document, graph: name } = editor.state();
  const node = nodeOf(graphOf(document, name), key);
  const wire = stage.scene.wires.find((one) => one.id === wireId);
  const ports = portsOf(catalogue.store.getState(), document, name, key);
  const port = ports?.inputs[0];
  if (!node || !wire || !port || !standsAlone(key, stage.scene) || Object.keys(inputsOf(node)).length > 0) return null;
  const output = firstOutput(key);
  if (output === null) return null;
  return [
    {
      kind: "connect",
      graph: name,
      wire: { from: wire.reference, to: { node: key, port: port.name } },
      many: port.many,
    },
    { kind: "connect", graph: name, wire: { from: output, to: wire.to } },
  ];
}

export function standsAlone(key: string, scene: Scene): boolean {
  return !scene.wires.some((wire) => wire.kind !== "size" && (wire.from.node === key || wire.to.node === key));
}
