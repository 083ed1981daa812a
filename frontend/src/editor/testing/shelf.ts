/** A shelf in memory, which fails when the test says so. */
import type { Kept, Shelf } from "../shelf";

export class MemoryShelf implements Shelf {
  readonly kept = new Map<string, Kept>();
  broken: Error | null = null;
  /** While set, writes wait. */
  gate: Promise<void> | null = null;
  writes = 0;

  async get(key: string): Promise<Kept | undefined> {
    if (this.broken) throw this.broken;
    return structuredClone(this.kept.get(key));
  }

  async put(key: string, kept: Kept, mayReplace: (old: Kept | undefined) => boolean): Promise<boolean> {
    await this.gate;
    if (this.broken) throw this.broken;
    if (!mayReplace(this.kept.get(key))) return false;
    this.kept.set(key, structuredClone(kept));
    this.writes += 1;
    return true;
  }

  async all(): Promise<[string, Kept][]> {
    if (this.broken) throw this.broken;
    return [...this.kept];
  }

  async remove(keys: string[]): Promise<void> {
    for (const key of keys) this.kept.delete(key);
  }
}

export class TabStorage {
  readonly kept = new Map<string, string>();

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }

  /** What a browser does when a tab is duplicated. */
  duplicate(): TabStorage {
    const copy = new TabStorage();
    for (const [key, value] of this.kept) copy.kept.set(key, value);
    return copy;
  }
}
