import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AGAIN, fetchParts, later } from "./later";

let box: HTMLElement;
let root: Root;
let away: boolean;
const show = (what: ReactNode) => act(async () => root.render(what));
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async () => {
    if (away) throw new TypeError("Failed to fetch");
    return Response.json({ status: "ok" });
  });
  away = false;
  box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
});
afterEach(() => {
  act(() => root.unmount());
  box.remove();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const Named = ({ name }: { name: string }) => <b>{name}</b>;
const said = (words: string, { name }: { name: string }) => <i>{`${name}: ${words}`}</i>;

it("is not imported while the server is away, and comes by itself when it is back", async () => {
  const load = vi.fn(async () => Named);
  const Part = later(load, said);
  away = true;
  await show(<Part name="help" />);
  await wait(0);
  expect(box.textContent).toBe("help: The server is away; this opens when it is back.");
  await wait(3 * AGAIN);
  expect(load).not.toHaveBeenCalled();
  away = false;
  await wait(AGAIN);
  expect(box.innerHTML).toBe("<b>help</b>");
});

it("says it where the code does not come from a server that answers", async () => {
  const load = vi.fn(async () => Named).mockRejectedValueOnce(new TypeError("404"));
  const Part = later(load, said);
  await show(<Part name="help" />);
  await wait(0);
  expect(box.textContent).toContain("Reload the page");
  await wait(AGAIN);
  expect(box.innerHTML).toBe("<b>help</b>");
});

it("stands there at once when it was fetched before, with what it brings along", async () => {
  let Inner = Named;
  const Outer = later(async () => {
    Inner = later(async () => Named, said) as typeof Named;
    return () => <Inner name="inner" />;
  }, said as never);
  await fetchParts();
  away = true;
  await show(<Outer />);
  expect(box.innerHTML).toBe("<b>inner</b>");
});
