/** The REST API, `/api/v1`. Every call throws ApiError when refused, Unreachable when the server is away. */
import type { NetworkDoc } from "@/document/document";
import type { Answer, ExampleEntry, LayerType } from "./answer";
import { ApiError, Unreachable } from "./errors";
import type { Exported, FileFormat, Imported, ImportRequest, TextFormat } from "./files";
import { readSafetensors, type Tensor } from "./safetensors";

/** What `forward` is asked for beside the document. */
export interface ForwardOptions {
  /** Nodes whose outputs come back in full, by path. */
  values?: string[];
  /** Nodes whose parameters come back in full. */
  parameters?: string[];
  /** Uses of blocks that are shown inside. */
  open?: string[];
  /** Another draw of what is random in the run. */
  draw?: number;
}

/** A network on the server, as the list shows it. */
export interface KeptNetwork {
  id: string;
  name: string;
  revision: number;
  nodes: number;
  /** ISO 8601, UTC. */
  saved_at: string;
}

export interface Timed<T> {
  value: T;
  /** Server-Timing, in ms. */
  ms: number | null;
}

export class Client {
  readonly #fetch: typeof fetch;
  readonly #session: string;

  constructor(options: { fetch?: typeof fetch; session: string }) {
    this.#fetch = options.fetch ?? ((...request) => fetch(...request));
    this.#session = options.session;
  }

  /** `network` is the document as JSON text, so that it is written once for comparing and for sending. */
  async forward(network: string, options: ForwardOptions, signal?: AbortSignal): Promise<Timed<Answer>> {
    const headers = { "Torchwire-Session": this.#session };
    const response = await this.#post("/forward", bodyOf(network, options), signal, headers);
    return { value: await json<Answer>(response), ms: serverMs(response.headers.get("Server-Timing")) };
  }

  /** Shapes, problems and totals, without values; it takes no session's turn. */
  async analyze(network: string, signal?: AbortSignal): Promise<Answer> {
    return json<Answer>(await this.#post("/analyze", bodyOf(network, {}), signal));
  }

  /** Tensors in full, by name: `conv1.output`, `fc1.weight`. */
  async tensors(
    network: string,
    tensors: string[],
    options: { draw?: number } = {},
    signal?: AbortSignal,
  ): Promise<Map<string, Tensor>> {
    const response = await this.#post("/tensors", bodyOf(network, { tensors, ...options }), signal);
    return readSafetensors(await response.arrayBuffer());
  }

  /** The network as code, a notebook or a table; `content` is null where its problems say why not. */
  async export(network: string, format: TextFormat, signal?: AbortSignal): Promise<Exported> {
    return json<Exported>(await this.#post("/export", bodyOf(network, { format }), signal));
  }

  /** The network as a file of bytes, or an answer like `export`'s where there is none. */
  async exportFile(network: string, format: FileFormat): Promise<{ bytes: ArrayBuffer; filename: string } | Exported> {
    const response = await this.#post("/export", bodyOf(network, { format }));
    const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
    if (named === null) return json<Exported>(response);
    return { bytes: await whole(() => response.arrayBuffer()), filename: named[1]! };
  }

  /** PyTorch source, a notebook or JSON as networks. */
  async import(request: ImportRequest, signal?: AbortSignal): Promise<Imported> {
    return json<Imported>(await this.#post("/import", JSON.stringify(request), signal));
  }

  async layers(signal?: AbortSignal): Promise<LayerType[]> {
    return (await this.#get<{ layers: LayerType[] }>("/layers", signal)).layers;
  }

  async examples(signal?: AbortSignal): Promise<ExampleEntry[]> {
    return (await this.#get<{ examples: ExampleEntry[] }>("/examples", signal)).examples;
  }

  async example(id: string, signal?: AbortSignal): Promise<NetworkDoc> {
    return this.#get<NetworkDoc>(`/examples/${encodeURIComponent(id)}`, signal);
  }

  /** Those that this owner has saved on the server, the newest first. */
  async networks(owner: string, signal?: AbortSignal): Promise<KeptNetwork[]> {
    const response = await this.#send("/networks", { headers: { [OWNER]: owner }, ...(signal ? { signal } : {}) });
    return (await json<{ networks: KeptNetwork[] }>(response)).networks;
  }

  /** A network on the server: its text as it was saved, its revision, and whether this owner may save it. */
  async network(id: string, owner: string): Promise<{ text: string; revision: number; own: boolean }> {
    const response = await this.#send(place(id), { headers: { [OWNER]: owner } });
    const text = await whole(() => response.text());
    const own = response.headers.get("Torchwire-Access") === "save";
    return { text, revision: Number(response.headers.get("ETag")?.replace(/\D/g, "")), own };
  }

  /** Saves a document's text. `seen` is the revision that it was made from; null creates the network. */
  async saveNetwork(id: string, owner: string, text: string, seen: number | null, leaving = false): Promise<number> {
    const condition: Record<string, string> = seen === null ? { "If-None-Match": "*" } : { "If-Match": `"${seen}"` };
    const headers = { "Content-Type": "application/json", [OWNER]: owner, ...condition };
    const response = await this.#send(place(id), { method: "PUT", body: text, headers, keepalive: leaving });
    return (await json<{ revision: number }>(response)).revision;
  }

  async deleteNetwork(id: string, owner: string): Promise<void> {
    await this.#send(place(id), { method: "DELETE", headers: { [OWNER]: owner } });
  }

  async health(signal?: AbortSignal): Promise<{ status: string; torch: string; version: string }> {
    return this.#get("/health", signal);
  }

  async #get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return json<T>(await this.#send(path, { ...(signal ? { signal } : {}) }));
  }

  async #post(
    path: string,
    body: string,
    signal?: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.#send(path, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", ...headers },
      ...(signal ? { signal } : {}),
    });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(`/api/v1${path}`, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Unreachable("The server does not answer.", { cause: error });
    }
    if (response.ok) return response;
    throw await refusalOf(response);
  }
}

function bodyOf(network: string, options: object): string {
  const rest = JSON.stringify(options).slice(1, -1);
  return `{"network":${network}${rest === "" ? "" : `,${rest}`}}`;
}

const OWNER = "Torchwire-Owner";

const place = (id: string) => `/networks/${encodeURIComponent(id)}`;

function json<T>(response: Response): Promise<T> {
  return whole(() => response.json() as Promise<T>);
}

async function whole<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable("The server's answer broke off.", { cause: error });
  }
}

async function refusalOf(response: Response): Promise<ApiError | Unreachable> {
  const text = await response.text().catch(() => "");
  let error: { code?: unknown; message?: unknown } | undefined;
  try {
    error = (JSON.parse(text) as { error?: typeof error }).error;
  } catch {
    // A proxy's page and not our server's answer: told apart below.
  }
  if (typeof error?.code !== "string" || typeof error.message !== "string") {
    if (response.status >= 500) return new Unreachable(`The server does not answer (${response.status}).`);
    return new ApiError(response.status, `http-${response.status}`, `The server refused (${response.status}).`);
  }
  const after = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError(response.status, error.code, error.message, Number.isFinite(after) ? after : null);
}

/** All of `Server-Timing: wait;dur=1.2, work;dur=8.1` together; null without a duration in it. */
export function serverMs(header: string | null): number | null {
  const durations = Array.from(header?.matchAll(/;\s*dur=([\d.]+)/g) ?? [], (match) => Number(match[1]));
  return durations.length > 0 ? durations.reduce((sum, ms) => sum + ms, 0) : null;
}
