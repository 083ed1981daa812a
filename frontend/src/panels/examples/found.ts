/** Examples by family, those that hold every word. */
import type { ExampleEntry } from "@/api/answer";

/** Families in the order in which they first appear; without any that is empty. */
export function found(examples: readonly ExampleEntry[], words: string): [string, ExampleEntry[]][] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const families = new Map<string, ExampleEntry[]>();
  for (const entry of examples) {
    const text = `${entry.id} ${entry.title} ${entry.family} ${entry.about}`.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    families.set(entry.family, [...(families.get(entry.family) ?? []), entry]);
  }
  return [...families];
}
