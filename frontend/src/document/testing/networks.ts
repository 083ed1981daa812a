/** Documents for tests: the conformance networks of the repository, real ones from LeNet to GPT-2. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NetworkDoc } from "../document";

const FOLDER = join(import.meta.dirname, "../../../../tests/conformance/networks");

export function network(name: string): NetworkDoc {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")).network;
}

export function networks(): [string, NetworkDoc][] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return names.map((file) => file.replace(".json", "")).map((name) => [name, network(name)]);
}
