import { describe, expect, test } from "vitest";
import { curl, python } from "./requests";

const NETWORK = JSON.stringify({ format: "torchwire/1", name: "it's a \"net\" \\ '''", nodes: {} });

describe("requests", () => {
  test("a shell reads back the body", () => {
    const text = curl("http://127.0.0.1:8000", NETWORK);
    const quoted = text.slice(text.indexOf("-d '") + 4, text.lastIndexOf("'")).replaceAll("'\\''", "'");
    expect(JSON.parse(quoted)).toEqual({ network: JSON.parse(NETWORK), values: "all" });
  });

  test("nothing in the document ends Python's string", () => {
    const text = python("http://127.0.0.1:8000", NETWORK);
    const [, inside] = text.split("'''");
    expect(JSON.parse(inside!)).toEqual(JSON.parse(NETWORK));
    expect(text.split("'''")).toHaveLength(3);
  });
});
