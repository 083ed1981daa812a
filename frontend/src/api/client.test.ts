// @vitest-environment node
import { expect, test } from "vitest";
import { Client, serverMs } from "./client";
import { ApiError, Unreachable } from "./errors";

/** A fetch that answers with what it is given, and remembers what it was asked. */
function answering(...responses: (Response | Error)[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fake = async (url: string | URL | Request, init: RequestInit = {}) => {
    asked.push({ url: String(url), init });
    const next = responses.shift();
    if (!next) throw new Error("asked once too often");
    if (next instanceof Error) throw next;
    return next;
  };
  return { client: new Client({ fetch: fake as typeof fetch, session: "tab7" }), asked };
}

const refusal = (status: number, code: string, headers = {}) =>
  Response.json({ error: { code, message: "No.", fields: {} } }, { status, headers });

test("forward posts the document's text as it is, with the session, and reads the server's time", async () => {
  const ok = Response.json({ ok: true }, { headers: { "Server-Timing": "wait;dur=1.5, work;dur=8.25" } });
  const { client, asked } = answering(ok);
  const network = '{"format":"torchwire/1","nodes":{"b":{},"a":{}}}';
  const { value, ms } = await client.forward(network, { values: ["a"], draw: 2 });
  expect(value).toEqual({ ok: true });
  expect(ms).toBe(9.75);
  expect(asked[0]!.url).toBe("/api/v1/forward");
  expect(asked[0]!.init.body).toBe(`{"network":${network},"values":["a"],"draw":2}`);
  expect(asked[0]!.init.headers).toMatchObject({ "Torchwire-Session": "tab7" });
});

test("a request for tensors supersedes nothing", async () => {
  const { client, asked } = answering(new Response(new ArrayBuffer(0)));
  await expect(client.tensors("{}", ["a.output"])).rejects.toThrow("broke off");
  expect(asked[0]!.init.headers).not.toHaveProperty("Torchwire-Session");
  expect(asked[0]!.init.body).toBe('{"network":{},"tensors":["a.output"]}');
});

test("a refusal carries the server's code, words and when to come back", async () => {
  const { client } = answering(refusal(422, "not-a-document"), refusal(503, "busy", { "Retry-After": "2" }));
  await expect(client.layers()).rejects.toMatchObject({ status: 422, code: "not-a-document", message: "No." });
  await expect(client.layers()).rejects.toMatchObject({ status: 503, retryAfter: 2 });
});

test("nobody there, a proxy's page and half an answer are a server that is away", async () => {
  const half = new Response('{"layers": [', { status: 200 });
  const { client } = answering(new TypeError("failed"), new Response("<h1>Bad gateway</h1>", { status: 502 }), half);
  for (let n = 0; n < 3; n += 1) await expect(client.layers()).rejects.toBeInstanceOf(Unreachable);
});

test("an unknown page is refused, not away", async () => {
  const { client } = answering(new Response("gone", { status: 404 }));
  await expect(client.example("a/b")).rejects.toBeInstanceOf(ApiError);
});

test("an abort stays an abort", async () => {
  const controller = new AbortController();
  controller.abort();
  const { client } = answering(new DOMException("aborted", "AbortError"));
  await expect(client.forward("{}", {}, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
});

test("Server-Timing without a duration is no time", () => {
  expect(serverMs(null)).toBeNull();
  expect(serverMs("cache")).toBeNull();
  expect(serverMs('db;desc="x";dur=2, app;dur=.5')).toBe(2.5);
});

test("a network is created, saved and read under its revision, with the owner's secret", async () => {
  const text = '{"format":"torchwire/1","nodes":{"b":{},"a":{}}}';
  const read = new Response(text, { headers: { ETag: 'W/"12"', "Torchwire-Access": "read" } });
  const { client, asked } = answering(Response.json({ revision: 1 }), Response.json({ revision: 12 }), read);
  expect(await client.saveNetwork("id1", "me", text, null)).toBe(1);
  expect(await client.saveNetwork("id1", "me", text, 11)).toBe(12);
  expect(await client.network("id1", "me")).toEqual({ text, revision: 12, own: false });
  const [created, saved] = asked.map(({ init }) => init.headers);
  expect(asked.map(({ url, init }) => [init.method ?? "GET", url, init.body])).toEqual([
    ["PUT", "/api/v1/networks/id1", text],
    ["PUT", "/api/v1/networks/id1", text],
    ["GET", "/api/v1/networks/id1", undefined],
  ]);
  expect(created).toEqual({ "Content-Type": "application/json", "Torchwire-Owner": "me", "If-None-Match": "*" });
  expect(saved).toEqual({ "Content-Type": "application/json", "Torchwire-Owner": "me", "If-Match": '"11"' });
});
