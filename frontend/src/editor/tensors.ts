/** Whole tensors of the newest answer, fetched when somebody looks at them and kept until there is a newer answer. */
import type { Answer, Values } from "@/api/answer";
import type { Client } from "@/api/client";
import { ApiError } from "@/api/errors";
import type { Tensor, TensorData } from "@/api/safetensors";

interface Known {
  shape: number[] | null;
  dtype: string | null;
  values: Values | null;
}

export class TensorCache {
  readonly #client: Client;
  #network: string | null = null;
  #draw = 0;
  #answer: Answer | null = null;
  #kept = new Map<string, Promise<Tensor>>();
  /** Asked for in this turn; they go in one request, since every request runs the network. */
  #waiting = new Map<string, (outcome: Promise<Tensor>) => void>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** A newer answer, and the document it belongs to. */
  follow(network: string, draw: number, answer: Answer): void {
    this.#send();
    this.#network = network;
    this.#draw = draw;
    this.#answer = answer;
    this.#kept = new Map();
  }

  /** By its name in the answer, in whole or in part: `conv1.output`, `fc1.weight[0:4, 1]`. */
  fetch(name: string): Promise<Tensor> {
    const kept = this.#kept.get(name);
    if (kept) return kept;
    const made = this.#make(name);
    this.#kept.set(name, made);
    // A failure is not kept: the next look tries again.
    const keep = this.#kept;
    made.catch(() => keep.delete(name));
    return made;
  }

  #make(name: string): Promise<Tensor> {
    const [whole, index] = name.split("[", 2) as [string, string?];
    const known = this.#answer ? findTensor(this.#answer, whole) : null;
    if (!known) return Promise.reject(new Error(`There is no tensor ${whole}.`));
    const { shape, dtype, values } = known;
    if (index === undefined && shape && dtype && values !== null && !dtype.startsWith("complex"))
      return Promise.resolve({ shape, dtype, data: flatten(values, dtype) });
    if (this.#waiting.size === 0) queueMicrotask(() => this.#send());
    return new Promise((resolve) => this.#waiting.set(name, resolve));
  }

  #send(): void {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    if (waiting.size === 0 || this.#network === null) return;
    const network = this.#network;
    const options = this.#draw === 0 ? {} : { draw: this.#draw };
    const ask = (names: string[]) => this.#client.tensors(network, names, options);
    const all = ask([...waiting.keys()]);
    for (const [name, resolve] of waiting) {
      // Together they may be over the server's limit, or one of them has no values: each is then asked for alone.
      const alone = (error: unknown) => {
        if (error instanceof ApiError && waiting.size > 1) return ask([name]);
        throw error;
      };
      resolve(all.catch(alone).then((tensors) => only(tensors, name)));
    }
  }
}

function only(tensors: Map<string, Tensor>, name: string): Tensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`The server has no tensor ${name}.`);
  return found;
}

/** "stage1.0.conv1.weight" is the weight of the node "stage1.0.conv1", or "0.conv1.weight" of the node "stage1". */
function findTensor(answer: Answer, name: string): Known | null {
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const path = name.slice(0, dot);
    const node = Object.hasOwn(answer.nodes, path) ? answer.nodes[path]! : null;
    if (!node) continue;
    const rest = name.slice(dot + 1);
    for (const tensors of [node.outputs, node.parameters, node.buffers] as Record<string, Known>[]) {
      if (Object.hasOwn(tensors, rest)) return tensors[rest]!;
    }
  }
  return null;
}

/** Nested values as the answer writes them, row by row, in the array of their dtype. */
export function flatten(values: Values, dtype: string): TensorData {
  const flat: (number | string | boolean)[] = [];
  const walk = (value: Values) => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else flat.push(value);
  };
  walk(values);
  if (dtype === "int64") return BigInt64Array.from(flat, (value) => BigInt(value));
  const numbers = flat.map(numberOf);
  switch (dtype) {
    case "float64":
      return Float64Array.from(numbers);
    case "int32":
      return Int32Array.from(numbers);
    case "int16":
      return Int16Array.from(numbers);
    case "int8":
      return Int8Array.from(numbers);
    case "uint8":
    case "bool":
      return Uint8Array.from(numbers);
    default:
      return Float32Array.from(numbers);
  }
}

function numberOf(value: number | string | boolean): number {
  if (value === "inf") return Number.POSITIVE_INFINITY;
  if (value === "-inf") return Number.NEGATIVE_INFINITY;
  return Number(value); // "nan" is NaN
}
