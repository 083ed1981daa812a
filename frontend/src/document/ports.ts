/** The ports of a node as the page needs them. The catalogue knows them; document/ takes them as given. */
import type { GraphName } from "./document";

export interface InputPort {
  name: string;
  optional: boolean;
  /** It takes several tensors, or a tuple of them. */
  many: boolean;
  /** A friendlier word: "prediction" beside `input`. */
  label: string | null;
}

export interface Ports {
  inputs: readonly InputPort[];
  /** Names of outputs; the first is what the node's bare name means. */
  outputs: readonly string[];
  /** Its outputs are numbered by the run: any number may be one. */
  numbered: boolean;
}

/** Null for a node of unknown type: anything might fit it. */
export type PortsOf = (graph: GraphName, node: string) => Ports | null;
