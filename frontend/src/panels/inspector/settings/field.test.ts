import { describe, expect, it } from "vitest";
import type { LayerParam } from "@/api/answer";
import type { Json } from "@/document/document";
import { formatField, optionsOf, parseField, placeholderOf } from "./field";

function param(kind: string, more: Partial<LayerParam> = {}): LayerParam {
  return {
    name: "p",
    kind,
    default: null,
    required: true,
    inferred: false,
    min: null,
    max: null,
    choices: null,
    length: null,
    nullable: false,
    forward: false,
    summary: "",
    ...more,
  };
}

const value = (p: LayerParam, text: string): Json | undefined => {
  const parsed = parseField(p, text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
};
const reason = (p: LayerParam, text: string): string => {
  const parsed = parseField(p, text);
  return parsed.ok ? `accepted ${JSON.stringify(parsed.value)}` : parsed.reason;
};

describe("each kind reads what people type", () => {
  const cases: [string, LayerParam, string, Json | undefined][] = [
    ["nothing is the default", param("int"), "  ", undefined],
    ["int", param("int"), "1_000", 1000],
    ["negative int", param("int"), "-1", -1],
    ["int as an expression", param("int"), "= stride * 2", { $: "stride * 2" }],
    ["float", param("float"), "1e-5", 1e-5],
    ["infinity", param("float"), "-inf", "-inf"],
    ["+inf", param("float"), "+inf", "inf"],
    ["number keeps a point", param("number"), "1.0", { $: "1.0" }],
    ["number", param("number"), "1", 1],
    ["bool", param("bool"), "true", true],
    ["bool or none", param("bool_or_none"), "None", null],
    ["choice", param("choice", { choices: ["mean", "sum"] }), "'sum'", "sum"],
    ["string", param("string"), "fro", "fro"],
    ["dtype", param("dtype"), "torch.int64", "int64"],
    ["one integer for a pair", param("int_or_ints", { length: 2 }), "3", 3],
    ["a pair", param("int_or_ints", { length: 2 }), "3, 5", [3, 5]],
    ["a pair in parentheses", param("int_or_ints", { length: 2 }), "(3, 5)", [3, 5]],
    ["a pair in brackets", param("int_or_ints", { length: 2 }), "[3,5]", [3, 5]],
    ["a tuple of one", param("int_or_ints", { length: 1 }), "(3,)", [3]],
    ["a word beside numbers", param("int_or_ints", { length: 2, choices: ["valid", "same"] }), "'same'", "same"],
    ["the word without quotes", param("int_or_ints", { length: 2, choices: ["valid", "same"] }), "same", "same"],
    ["an expression inside a pair", param("int_or_ints", { length: 2 }), "(=k, 3)", [{ $: "k" }, 3]],
    ["an expression with commas in it", param("ints"), "(3, = w[(1, 2)[0]])", [3, { $: "w[(1, 2)[0]]" }]],
    ["an expression for the whole list", param("ints"), "= a, 2", { $: "a, 2" }],
    ["None in a pair", param("int_or_ints", { nullable: true }), "(None, 7)", [null, 7]],
    ["ints of one", param("ints"), "5", [5]],
    ["ints", param("ints"), "1, 1, 32, 32", [1, 1, 32, 32]],
    ["no ints", param("ints"), "()", []],
    ["floats", param("floats"), "0.5, 2", [0.5, 2]],
    ["float or floats", param("float_or_floats", { length: 2 }), "0.5, 0.6", [0.5, 0.6]],
    [
      "tensor",
      param("tensor"),
      "[[1, 2], [3, 4]]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["number or tensor", param("number_or_tensor"), "[1, 2]", [1, 2]],
    ["number instead of a tensor", param("number_or_tensor"), "0.5", 0.5],
    ["index", param("index"), ":, -1", ":, -1"],
    ["index with a size", param("index"), "= ..., :x.shape[1]", { $: "..., :x.shape[1]" }],
    ["any: a word", param("any"), "gelu", "gelu"],
    ["any: a list", param("any"), "[1, 'a', None]", [1, "a", null]],
    ["any: an object", param("any"), '{"normal_": {"std": 0.02}}', { normal_: { std: 0.02 } }],
  ];
  for (const [name, p, text, expected] of cases) {
    it(name, () => expect(value(p, text)).toEqual(expected));
  }
});

describe("what is no value is refused with a reason", () => {
  const cases: [LayerParam, string, string][] = [
    [param("int"), "three", "an integer, or = an expression"],
    [param("int"), "1.5", "an integer, or = an expression"],
    [param("int", { min: 1 }), "0", "at least 1"],
    [param("float", { max: 1 }), "1.5", "at most 1"],
    [param("int"), "None", "p cannot be None"],
    [param("int"), "=", "an expression is missing behind ="],
    [param("int"), `= ${"1+".repeat(120)}1`, "an expression has at most 200 characters, this has 241"],
    [param("int_or_ints", { length: 2 }), "1, 2, 3", "2 integers, this is 3"],
    [param("int_or_ints", { length: 2, min: 1 }), "(3, 0)", "at least 1"],
    [param("int_or_ints", { length: 2, choices: ["same"] }), "sme", "an integer, 'same', or = an expression"],
    [param("choice", { choices: ["mean", "sum"] }), "median", "one of mean, sum"],
    [param("bool"), "yes", "True or False"],
    [param("dtype"), "float31", "a dtype: float32"],
    [param("tensor"), "[[1, 2], [3]]", "the rows have different lengths"],
    [param("ints"), "(1, 2", "a ) is missing at the end"],
    [param("ints"), "1 2", 'cannot read "2"'],
  ];
  for (const [p, text, expected] of cases) {
    it(`${p.kind} ${text.slice(0, 20)}`, () => expect(reason(p, text)).toContain(expected));
  }
});

describe("a value is shown as it would be typed, and reads back", () => {
  const cases: [LayerParam, Json, string][] = [
    [param("int"), 3, "3"],
    [param("float"), 1e-5, "1e-05"],
    [param("float"), 0.1, "0.1"],
    [param("int"), { $: "stride * 2" }, "= stride * 2"],
    [param("int_or_ints", { length: 2 }), [3, 5], "3, 5"],
    [param("ints"), [5], "(5,)"],
    [param("ints"), [], "[]"],
    [param("int_or_ints", { length: 2 }), [{ $: "k" }, 3], "(= k, 3)"],
    [param("int_or_ints", { choices: ["same"] }), "same", "same"],
    [param("bool"), false, "False"],
    [param("bool_or_none"), null, "None"],
    [
      param("tensor"),
      [
        [1, 2],
        [3, 4],
      ],
      "[[1, 2], [3, 4]]",
    ],
    [param("tensor"), [[[1], [2]]], "[[[1], [2]]]"],
    [param("any"), "3", "'3'"],
    [param("any"), ["a", 1], "['a', 1]"],
    [param("any"), { normal_: {} }, '{"normal_":{}}'],
    [param("number"), { $: "1.0" }, "= 1.0"],
    [param("index"), ":, -1", ":, -1"],
  ];
  for (const [p, given, text] of cases) {
    it(text, () => {
      expect(formatField(p, given)).toBe(text);
      expect(value(p, text)).toEqual(given);
    });
  }
});

describe("lists to choose from and placeholders", () => {
  it("offers None where it is allowed", () => {
    expect(optionsOf(param("bool"))).toEqual([true, false]);
    expect(optionsOf(param("bool_or_none"))).toEqual([true, false, null]);
    expect(optionsOf(param("choice", { choices: ["a", "b"], nullable: true }))).toEqual(["a", "b", null]);
    expect(optionsOf(param("int_or_ints", { choices: ["same"] }))).toBeNull();
  });

  it("shows torch's default, or the inferred value", () => {
    expect(placeholderOf(param("int_or_ints", { required: false, default: 1 }), undefined)).toBe("1");
    expect(placeholderOf(param("int", { inferred: true, required: true }), 576)).toBe("576");
    expect(placeholderOf(param("int", { inferred: true, required: true }), undefined)).toBe("from the input");
    expect(placeholderOf(param("bool", { required: false, default: false }), undefined)).toBe("False");
  });
});
