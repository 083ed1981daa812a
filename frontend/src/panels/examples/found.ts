/** Examples by family, those that hold every word, in what is said of them or as a type of a node. */
import type { ExampleEntry } from "@/api/answer";
import type { NetworkDoc } from "@/document/document";

/** The types of the nodes, those inside blocks too, as one text. */
export function typesOf({ nodes, blocks }: Pick<NetworkDoc, "nodes" | "blocks">): string {
  const graphs = [nodes, ...Object.values(blocks ?? {}).map((block) => block.nodes)];
  const types = graphs.flatMap((graph) => Object.values(graph).flatMap(({ type }) => type ?? []));
  return [...new Set(types)].join(" ");
}

/** Families in the order in which they first appear; without any that is empty. `types`: of the nodes, by id. */
export function found(
  examples: readonly ExampleEntry[],
  words: string,
  types: ReadonlyMap<string, string> = new Map(),
): [string, ExampleEntry[]][] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const families = new Map<string, ExampleEntry[]>();
  for (const entry of examples) {
    const text = `${entry.id} ${entry.title} ${entry.family} ${entry.about} ${types.get(entry.id) ?? ""}`.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    families.set(entry.family, [...(families.get(entry.family) ?? []), entry]);
  }
  return [...families];
}
