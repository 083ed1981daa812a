/** A wire that is being drawn: for each port, whether it fits and if not why. Ports subscribe to their own verdict. */
import { create } from "zustand";
import type { Verdict } from "@/document/fits";

export interface ConnectingState {
  /** The port that the wire starts at; null when no wire is drawn. */
  start: { node: string; port: string; side: "in" | "out" } | null;
  /** By `portKey`. Ports on the same side as the start have none. */
  verdicts: ReadonlyMap<string, Verdict>;
}

export const portKey = (node: string, port: string) => `${node}\n${port}`;

const NONE: ConnectingState = { start: null, verdicts: new Map() };

export const useConnecting = create<ConnectingState>(() => NONE);

export const endConnecting = () => useConnecting.setState(NONE);
