/** What types there are: torch's as the server lists them, and the document's own blocks. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { LayerParam, LayerType } from "@/api/answer";
import type { Client } from "@/api/client";
import { ApiError } from "@/api/errors";
import {
  calledNode,
  type GraphDoc,
  type GraphName,
  graphOf,
  isObject,
  type Json,
  type NetworkDoc,
  type NodeDoc,
  nodeOf,
  paramsOf,
  same,
  typeName,
} from "@/document/document";
import type { InputPort, Ports } from "@/document/ports";
import type { CatalogueState } from "./interface";

export interface CatalogueStore {
  store: StoreApi<CatalogueState>;
  /** Asks the server until it answers. The returned function stops asking. */
  start(): () => void;
}

const SHORTEST = 500;
const LONGEST = 4_000;

export function createCatalogue(client: Client): CatalogueStore {
  const store = createStore<CatalogueState>(() => ({ layers: new Map(), families: [], ready: false }));
  return {
    store,
    start() {
      const controller = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const ask = async (wait: number) => {
        try {
          const layers = await client.layers(controller.signal);
          store.setState(catalogueOf(layers));
        } catch (error) {
          if (controller.signal.aborted) return;
          // A refusal here is a server that starts; nothing else can refuse a list that everybody gets.
          if (error instanceof ApiError || error instanceof Error) {
            timer = setTimeout(() => void ask(Math.min(wait * 2, LONGEST)), wait);
          }
        }
      };
      void ask(SHORTEST);
      return () => {
        controller.abort();
        clearTimeout(timer);
      };
    },
  };
}

export function catalogueOf(layers: readonly LayerType[]): CatalogueState {
  return {
    layers: new Map(layers.map((layer) => [layer.type, layer])),
    families: [...new Set(layers.map((layer) => layer.family))],
    ready: layers.length > 0,
  };
}

/** A node's type in the catalogue: its own, or for a `call` that of the node whose module runs again. */
export function layerOf(catalogue: CatalogueState, graph: GraphDoc | undefined, key: string): LayerType | null {
  const type = typeOf(graph, key);
  return type === null ? null : layerNamed(catalogue, type);
}

/** A type by name; `LazyConv2d` is Conv2d. */
export function layerNamed(catalogue: CatalogueState, type: string): LayerType | null {
  return catalogue.layers.get(type) ?? catalogue.layers.get(type.replace(/^Lazy(?=[A-Z])/, "")) ?? null;
}

/** The name of a node's type, through `call`; null when there is none. */
export function typeOf(graph: GraphDoc | undefined, key: string): string | null {
  const node = nodeOf(graph, key);
  if (node?.type !== undefined) return typeName(node) ?? null;
  const called = node && nodeOf(graph, calledNode(node) ?? "");
  return (called && typeName(called)) ?? null;
}

/** The ports of a node of a graph; null when its type is unknown. A block is looked up before the catalogue. */
export function portsOf(catalogue: CatalogueState, document: NetworkDoc, name: GraphName, key: string): Ports | null {
  const graph = graphOf(document, name);
  const type = typeOf(graph, key);
  const node = nodeOf(graph, key);
  if (type === null || !node) return null;
  const block = graphOf(document, type);
  if (block) return blockPorts(block);
  const settings = node.type !== undefined ? node : nodeOf(graph, node.call!)!;
  const layer = wrapped(catalogue, layerNamed(catalogue, type), settings);
  if (!layer) return null;
  const given = (port: { when: Record<string, Json> | null }) => present(layer, settings, port.when);
  const inputs = layer.inputs.filter(given).map(({ name, optional, many, label }) => {
    const filled = Object.hasOwn(paramsOf(node), name) && layer.params.some((param) => param.name === name);
    return { name, optional: optional || filled, many, label };
  });
  const outputs = type === "Output" ? [] : layer.outputs.filter(given).map((output) => output.name);
  return { inputs, outputs, numbered: layer.list_output };
}

/** A wrapper (spectral_norm) has the ports of the layer that it wraps. */
function wrapped(catalogue: CatalogueState, layer: LayerType | null, node: NodeDoc): LayerType | null {
  const { module } = paramsOf(node);
  if (!layer || layer.inputs.length > 0 || !isObject(module) || typeof module.type !== "string") return layer;
  return layerNamed(catalogue, module.type) ?? layer;
}

function blockPorts(block: GraphDoc): Ports {
  const nodes = Object.entries(block.nodes);
  const inputs = nodes
    .filter(([, node]) => node.type === "Input")
    .map(([name, node]): InputPort => ({ name, optional: node.when !== undefined, many: false, label: null }));
  const outputs = nodes.filter(([, node]) => node.type === "Output").map(([name]) => name);
  return { inputs, outputs: outputs.length > 0 ? outputs : ["output"], numbered: false };
}

/** Whether the parameters that a port depends on have the values it needs; a parameter left out has its default. */
function present(layer: LayerType, node: NodeDoc, when: Record<string, Json> | null): boolean {
  if (!when) return true;
  const params = paramsOf(node);
  return Object.entries(when).every(([name, value]) => {
    const found = Object.hasOwn(params, name)
      ? params[name]
      : layer.params.find((param) => param.name === name)?.default;
    return same(found ?? null, value);
  });
}

/** The parameters of a node, those of a block as its defaults tell. */
export function paramsFor(
  catalogue: CatalogueState,
  document: NetworkDoc,
  name: GraphName,
  key: string,
): readonly LayerParam[] {
  const graph = graphOf(document, name);
  const type = typeOf(graph, key);
  if (type === null) return [];
  const block = graphOf(document, type);
  const called = nodeOf(graph, key)?.type === undefined;
  if (block) return called ? [] : Object.entries(block.params ?? {}).map(([param, value]) => blockParam(param, value));
  const params = layerNamed(catalogue, type)?.params ?? [];
  // The module of a call is constructed elsewhere: only keywords of its forward are this node's own.
  return called ? params.filter((param) => param.forward) : params;
}

function blockParam(name: string, value: Json): LayerParam {
  const kind =
    typeof value === "boolean"
      ? "bool"
      : typeof value === "number"
        ? "number"
        : typeof value === "string"
          ? "string"
          : "any";
  return {
    name,
    kind,
    default: value,
    required: false,
    inferred: false,
    min: null,
    max: null,
    choices: null,
    length: null,
    nullable: value === null,
    forward: false,
    summary: "",
  };
}
