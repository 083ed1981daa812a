/**
 * What the rooms of the page tell each other: which panels and dialogs are open, what quick-add was opened for, and what
 * the canvas can be asked to do. Nothing of it is in the document or in the history.
 */
import { create } from "zustand";
import type { PortAddress, Reference } from "@/document/document";

export interface ScreenPoint {
  x: number;
  y: number;
}

/** Where a new node goes into the network. */
export type Aim =
  | { kind: "free" }
  /** Behind a node: it reads the node's first output. */
  | { kind: "after"; node: string }
  /** It reads this output. */
  | { kind: "from"; reference: Reference }
  /** Its first output is wired into this port. */
  | { kind: "into"; to: PortAddress }
  /** Into the wire that ends here. */
  | { kind: "on"; to: PortAddress };

export interface QuickAddRequest {
  at: ScreenPoint;
  aim: Aim;
  /** The person pointed at the place: the node stands there, whatever it reads. */
  pointed?: boolean;
}

/** What the canvas does for others. */
export interface CanvasHandle {
  /** Adds a node of this type; at the point where one is given, else where there is room. */
  add(type: string, aim: Aim, at?: ScreenPoint): void;
  /** While something is dragged over the canvas: lights the wire it would be put on. */
  dragOver(at: ScreenPoint): void;
  dragEnd(): void;
  contains(at: ScreenPoint): boolean;
  /** The focus to the selected node, else to the canvas. */
  focus(): void;
}

export type DialogName = "commands" | "help" | "examples" | "recents";

export interface Workspace {
  palette: boolean;
  inspector: boolean;
  /** The network as code, beside the canvas. */
  code: boolean;
  problems: boolean;
  minimap: boolean;
  dialog: DialogName | null;
  quickAdd: QuickAddRequest | null;
  canvas: CanvasHandle | null;
  /** Something to say once, for a few seconds: a file that is no document, a fix that no longer fits. */
  notice: { text: string; count: number } | null;
}

const KEY = "torchwire-panels";
const FOLDING = ["palette", "inspector", "code", "problems", "minimap"] as const;
export type Panel = (typeof FOLDING)[number];

function folded(): Partial<Record<Panel, boolean>> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {}; // blocked or broken storage: everything open
  }
}

export const useWorkspace = create<Workspace>(() => {
  const wide = typeof innerWidth === "number" ? innerWidth : 1440;
  const open = {
    palette: wide >= 820,
    inspector: wide >= 1000,
    code: false,
    // Never by itself: while one is still building it would take the canvas away from under the pointer.
    problems: false,
    minimap: wide >= 1180,
    ...folded(),
  };
  return { ...open, dialog: null, quickAdd: null, canvas: null, notice: null };
});

/** Up to this width panels lie over the canvas (app.css), and up to the other one the inspector is a sheet below it. */
const OVERLAY = 900;
const SHEET = 600;

/** A node was pressed: where there is no room for the inspector beside the canvas, it comes now. */
export function inspectPressed(): void {
  if (innerWidth <= OVERLAY) useWorkspace.setState({ inspector: true, code: false, palette: false });
}

/** The ground was pressed: the sheet goes. */
export function leavePressed(): void {
  if (innerWidth <= SHEET) useWorkspace.setState({ inspector: false });
}

/** Below this width, in pixels, the palette makes room for the code. */
const ROOMY = 1600;
/** And below this one the inspector. */
const TIGHT = 1100;

export function togglePanel(panel: Panel): void {
  useWorkspace.setState((state) => ({ [panel]: !state[panel] }));
  const opened = useWorkspace.getState()[panel];
  if (panel === "code" && opened && innerWidth < ROOMY) useWorkspace.setState({ palette: false });
  // where panels lie over the canvas, one lies there at a time
  if (panel === "code" && opened && innerWidth < TIGHT) useWorkspace.setState({ inspector: false });
  if (panel === "inspector" && opened && innerWidth < TIGHT) useWorkspace.setState({ code: false });
  const state = useWorkspace.getState();
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(FOLDING.map((name) => [name, state[name]]))));
  } catch {
    // Blocked storage: the panels stay as they are until the page is left.
  }
}

export function openDialog(dialog: DialogName | null): void {
  useWorkspace.setState({ dialog });
}

export function notify(text: string): void {
  useWorkspace.setState(({ notice }) => ({ notice: { text, count: (notice?.count ?? 0) + 1 } }));
}
