import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import { listen } from "@/actions/keyboard";
import { startSession } from "@/editor/session";
import { notify } from "@/workspace/workspace";
import { App } from "./App";
import "./ui/tokens.css";
import { startTheme } from "./ui/theme";

startTheme();
listen();
await startSession(notify);
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
