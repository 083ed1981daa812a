import type { Frame } from "@/document/align";

/**
 * What actions ask of the rooms above: the canvas, the panels. Those provide it while they are there; an action whose
 * part is missing is not enabled.
 */
export interface View {
  fit(): void;
  zoomIn(): void;
  zoomOut(): void;
  /** To 100 %. */
  zoomReset(): void;
  /** Brings these nodes into view. */
  zoomTo(nodes: readonly string[]): void;
  /** Opens the search for a type, at the pointer. */
  quickAdd(): void;
  /** Puts the cursor into the palette's search. */
  search(): void;
  /** The pointer in the canvas's own coordinates; null when it is elsewhere. */
  pointer(): [number, number] | null;
  /** Where these nodes stand and how large they are. */
  frames(nodes: readonly string[]): Frame[];
  /** Finds places for the nodes of the graph in hand, and dispatches them as one move. */
  layout(): void;
  /** Starts to edit a node's name where it stands. */
  rename(node: string): void;
  /** The graph in hand as a picture; null when it has no nodes. */
  picture(): { svg: string; width: number; height: number } | null;
  help(): void;
  /** Opens the search for commands and nodes. */
  commands(): void;
  examples(): void;
  recents(): void;
  /** Shows the code, or folds it away. */
  code(): void;
  theme(): void;
  /** Says something to the person: a refusal, a hint. */
  say(message: string): void;
}

const parts: Partial<View> = {};

/** Adds what the caller can do; the returned function takes it away again. */
export function provide(provided: Partial<View>): () => void {
  Object.assign(parts, provided);
  return () => {
    for (const name of Object.keys(provided) as (keyof View)[]) {
      if (parts[name] === provided[name]) delete parts[name];
    }
  };
}

/** What there is of the view. */
export function view(): Readonly<Partial<View>> {
  return parts;
}
