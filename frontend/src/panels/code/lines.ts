/** Which lines of the exported code a node is in, and which node a line is about. */

export interface Span {
  /** Lines counted from 1, both included. */
  from: number;
  to: number;
}

/** The lines of the class that stands for a graph: a block's by its name, the network's is the last class. */
export function classSpan(text: string, block: string | null): Span | null {
  const lines = text.split("\n");
  const heads = lines.flatMap((line, index) => {
    const [, name] = /^class (\w+)/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, from: index + 1 }];
  });
  const at = block === null ? heads.length - 1 : heads.findIndex(({ name }) => same(name, block));
  const head = heads[at];
  if (!head) return null;
  let to = head.from;
  while (to < lines.length && (lines[to] === "" || /^\s/.test(lines[to]!))) to += 1;
  while (to > head.from && lines[to - 1] === "") to -= 1;
  return { from: head.from, to };
}

/** A class is named as its block, with a capital letter where the block has none. */
function same(name: string, block: string): boolean {
  return name === block || name.toLowerCase() === block.replaceAll("_", "").toLowerCase();
}

/** The lines in a span that name a node: as an attribute of the module, or as a variable. */
export function linesOf(text: string, span: Span, node: string, attribute: string = node): number[] {
  const own = new RegExp(`(?<![.\\w])${node}\\b(?!=)|\\bself\\.${attribute.replaceAll(".", "\\.")}\\b`);
  return text
    .split("\n")
    .slice(span.from, span.to)
    .flatMap((line, index) => (own.test(plain(line)) ? [span.from + 1 + index] : []));
}

/** The node that a line is about: the one it assigns, else the first that it names. */
export function nodeAt(text: string, line: number, nodes: readonly string[]): string | null {
  const known = new Set(nodes);
  for (const [, self, name] of plain(text.split("\n")[line - 1] ?? "").matchAll(
    /(self\.|[.\w])?\b([A-Za-z_]\w*)(?!=)/g,
  )) {
    if ((self === undefined || self === "self.") && known.has(name!)) return name!;
  }
  return null;
}

/** A line without its strings and its comment. */
function plain(line: string): string {
  return line.replace(/"(\\.|[^"\\])*"/g, '""').replace(/#.*/, "");
}
