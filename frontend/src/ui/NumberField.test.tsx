import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NumberField } from "./NumberField";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

let root: Root;
let taken: number[];

function Harness() {
  const [value, setValue] = useState(42);
  const take = (next: number) => {
    taken.push(next);
    setValue(next);
  };
  return <NumberField label="seed" min={0} max={100} value={value} onChange={take} />;
}

beforeEach(() => {
  taken = [];
  const host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
  act(() => root.render(<Harness />));
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
});

const input = () => document.querySelector("input")!;

function type(text: string): void {
  act(() => input().focus());
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!.call(input(), text);
    input().dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const press = (key: string, more: KeyboardEventInit = {}) =>
  act(() => input().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more })));

test("takes each number that is typed", () => {
  type("7");
  expect(taken).toEqual([7]);
});

test("says what is wrong and does not take it", () => {
  type("many");
  expect(document.querySelector(".field-error")?.textContent).toBe("a number, please");
  type("7.5");
  expect(document.querySelector(".field-error")?.textContent).toBe("a whole number, please");
  type("101");
  expect(document.querySelector(".field-error")?.textContent).toBe("at most 100");
  expect(taken).toEqual([]);
  act(() => input().blur());
  expect(input().value).toBe("42");
});

test("arrows count, with Shift by ten, within the bounds, and are seen while the field has the focus", () => {
  act(() => input().focus());
  press("ArrowUp");
  press("ArrowUp", { shiftKey: true });
  expect(taken).toEqual([43, 53]);
  expect(input().value).toBe("53");
  for (let n = 0; n < 9; n++) press("ArrowDown", { shiftKey: true });
  expect(input().value).toBe("0");
});
