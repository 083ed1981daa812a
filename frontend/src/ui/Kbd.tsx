import type { ReactNode } from "react";
import "./controls.css";

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="kbd">{children}</kbd>;
}
