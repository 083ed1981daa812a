/** A server for tests: a fetch that answers when the test says so. */
import type { Answer } from "@/api/answer";
import { Client } from "@/api/client";

export interface Asked {
  path: string;
  /** The body as JSON; null without one. */
  body: { network: { nodes: Record<string, unknown> }; [key: string]: unknown } | null;
  aborted(): boolean;
  answer(value: unknown, headers?: Record<string, string>): Promise<void>;
  refuse(status: number, code: string, headers?: Record<string, string>): Promise<void>;
  /** Nobody is there. */
  fail(): Promise<void>;
}

export class FakeServer {
  readonly asked: Asked[] = [];
  readonly client = new Client({ fetch: this.#fetch.bind(this) as typeof fetch, session: "test" });

  /** What was asked of a path. */
  to(path: string): Asked[] {
    return this.asked.filter((one) => one.path === path);
  }

  #fetch(url: string, init: RequestInit = {}): Promise<Response> {
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(init.signal!.reason));
      const settle = async (act: () => void) => {
        act();
        await settled();
      };
      this.asked.push({
        path: url.replace("/api/v1", ""),
        body: typeof init.body === "string" ? JSON.parse(init.body) : null,
        aborted: () => init.signal?.aborted ?? false,
        answer: (value, headers = {}) =>
          settle(() => resolve(value instanceof ArrayBuffer ? new Response(value) : Response.json(value, { headers }))),
        refuse: (status, code, headers = {}) =>
          settle(() =>
            resolve(Response.json({ error: { code, message: `${code}!`, fields: {} } }, { status, headers })),
          ),
        fail: () => settle(() => reject(new TypeError("Failed to fetch"))),
      });
    });
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function tensorAnswer(shape: number[], values: unknown = null) {
  return { shape, dtype: "float32", values, summary: null };
}

/** An answer in which every node is ok and gives a tensor of this shape. */
export function answerOf(shapes: Record<string, number[]>, more: Partial<Answer> = {}): Answer {
  const nodes = Object.entries(shapes).map(([key, shape]) => [
    key,
    {
      state: "ok",
      repr: null,
      inferred: {},
      outputs: { output: tensorAnswer(shape) },
      parameters: {},
      buffers: {},
      parameter_count: 0,
      macs: 0,
      blocked_by: [],
    },
  ]);
  return {
    ok: true,
    nodes: Object.fromEntries(nodes),
    problems: [],
    more_problems: 0,
    totals: { parameters: 0, trainable: 0, macs: 0, unknown: 0 },
    repr: "",
    ...more,
  };
}
