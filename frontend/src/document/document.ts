/** The network document (`torchwire/1`) as the page holds it. Plain JSON: what is saved is what is here. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A wire's end: `"conv1"` (first output) or `"lstm.h_n"`. */
export type Reference = string;

export interface NodeDoc {
  type?: string;
  call?: string;
  params?: Record<string, Json>;
  inputs?: Record<string, Reference | Reference[]>;
  repeat?: Json;
  when?: Json;
  attribute?: string;
  init?: Json;
  trainable?: boolean;
  position?: [number, number];
  note?: string;
  collapsed?: boolean;
  color?: string;
}

export interface GraphDoc {
  params?: Record<string, Json>;
  nodes: Record<string, NodeDoc>;
  init?: Json;
  canvas?: Json;
}

export interface NetworkDoc extends GraphDoc {
  format: "torchwire/1";
  name?: string;
  seed?: number;
  training?: boolean;
  blocks?: Record<string, GraphDoc>;
}

/** Which graph of a document: null is the document's own, a name is a block's. */
export type GraphName = string | null;

/** One output port or input port of a node of the graph in hand. `index` is the place in a port that takes a list. */
export interface PortAddress {
  node: string;
  port: string;
  index?: number;
}
