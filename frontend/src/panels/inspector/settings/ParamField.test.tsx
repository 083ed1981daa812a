import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LayerParam, Problem } from "@/api/answer";
import type { Json } from "@/document/document";
import { focusField } from "./focus";
import { ParamField, stepped } from "./ParamField";

const kernel: LayerParam = {
  name: "kernel_size",
  kind: "int_or_ints",
  default: null,
  required: true,
  inferred: false,
  min: 1,
  max: null,
  choices: null,
  length: 2,
  nullable: false,
  forward: false,
  summary: "the window",
};

let box: HTMLElement;
let root: Root;
let sent: (Json | undefined)[];

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
  sent = [];
});
afterEach(() => {
  act(() => root.unmount());
  box.remove();
});

/** Shows the field for a value; what it sends comes back as its next value, as the document's would. */
function show(value: Json | undefined, param = kernel, inferred?: Json, problems: Problem[] = []): void {
  const render = (next: Json | undefined) => {
    root.render(
      <ParamField
        param={param}
        address={param.name}
        value={next}
        inferred={inferred}
        problems={problems}
        onChange={(changed) => {
          sent.push(changed);
          render(changed);
        }}
      />,
    );
  };
  act(() => render(value));
}

const input = (): HTMLInputElement => box.querySelector("input")!;

function type(text: string): void {
  act(() => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
    set.call(input(), text);
    input().dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const press = (key: string, target: Element = input()): void => {
  act(() => void target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));
};

describe("a field that is typed into", () => {
  it("sends each value and leaves the typed text alone", () => {
    show(5);
    type("3,");
    type("3,5 ");
    expect(sent).toEqual([[3, 5]]);
    expect(input().value).toBe("3,5 ");
    act(() => input().dispatchEvent(new FocusEvent("focusout", { bubbles: true })));
    expect(input().value).toBe("3, 5");
  });

  it("keeps what is no value, with the reason, and sends nothing", () => {
    show(5);
    type("abc");
    expect(sent).toEqual([]);
    expect(input().value).toBe("abc");
    expect(input().getAttribute("aria-invalid")).toBe("true");
    const notes = input()
      .getAttribute("aria-describedby")!
      .split(" ")
      .map((id) => document.getElementById(id)!.textContent);
    expect(notes.join()).toContain("an integer, or = an expression");
    press("Escape");
    expect(input().value).toBe("5");
  });

  it("takes a value that changes elsewhere", () => {
    show(5);
    type("7");
    show(9);
    expect(input().value).toBe("9");
  });

  it("counts with the arrow keys, within the bounds", () => {
    show(2);
    press("ArrowUp");
    press("ArrowDown");
    press("ArrowDown");
    press("ArrowDown");
    expect(sent).toEqual([3, 2, 1]);
    expect(stepped({ ...kernel, kind: "float" }, "1.5", 1)).toBe("1.6");
    expect(stepped(kernel, "3, 5", 1)).toBeNull();
  });

  it("an emptied field takes the value away", () => {
    show(5);
    type("");
    expect(sent).toEqual([undefined]);
    expect(box.textContent).toContain("required");
  });
});

describe("inferred values", () => {
  const features = { ...kernel, name: "in_features", kind: "int", length: null, inferred: true };

  it("are shown as such, and typing over one makes it explicit", () => {
    show(undefined, features, 576);
    expect(input().placeholder).toBe("576");
    expect(input().value).toBe("");
    expect(box.textContent).toContain("from the input");
    type("400");
    expect(sent).toEqual([400]);
    const back = [...box.querySelectorAll("button")].find((button) => button.ariaLabel?.includes("from the input"))!;
    act(() => back.click());
    expect(sent).toEqual([400, undefined]);
  });
});

describe("lists to choose from", () => {
  const bias = { ...kernel, name: "bias", kind: "bool", length: null, min: null, required: false, default: true };

  it("choose, go back to the default, and turn into a field for an expression", () => {
    show(undefined, bias);
    const select = () => box.querySelector("select")!;
    const choose = (label: string) =>
      act(() => {
        select().value = [...select().options].find((option) => option.text.startsWith(label))!.value;
        select().dispatchEvent(new Event("change", { bubbles: true }));
      });
    choose("False");
    choose("True (default)");
    expect(sent).toEqual([false, undefined]);
    choose("= an expression");
    type("= i > 0");
    expect(sent.at(-1)).toEqual({ $: "i > 0" });
  });
});

it("a problem of the parameter stands at its field, others do not", () => {
  const problem = (param: string): Problem => ({
    code: "bad-param",
    severity: "error",
    node: "conv1",
    port: null,
    param,
    message: `${param} is wrong.`,
    detail: null,
    fixes: [{ title: "Mend it", patch: [] }],
  });
  show(5, kernel, undefined, [problem("kernel_size"), problem("stride")]);
  expect(box.textContent).toContain("kernel_size is wrong.");
  expect(box.textContent).not.toContain("stride is wrong.");
  expect([...box.querySelectorAll("button")].map((button) => button.textContent)).toContain("Mend it");
});

it("the cursor goes into the field of an address, or of what holds it", () => {
  show(5);
  focusField(box, "kernel_size");
  expect(document.activeElement).toBe(input());
  input().blur();
  focusField(box, "kernel_size.0");
  expect(document.activeElement).toBe(input());
});
