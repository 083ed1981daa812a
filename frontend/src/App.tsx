/** The page: toolbar, palette, canvas, inspector, problems, totals. Dialogs load when they are wanted. */
import { lazy, Suspense, useEffect } from "react";
import { useStore } from "zustand";
import { provide } from "@/actions/view";
import { Canvas } from "@/canvas/Canvas";
import { titleOf } from "@/document/document";
import { useEditor } from "@/editor/hooks";
import { importing } from "@/editor/session";
import { Boundary } from "@/panels/Boundary";
import { Notice } from "@/panels/Notice";
import { Palette } from "@/panels/Palette";
import { Problems } from "@/panels/Problems";
import { QuickAdd } from "@/panels/QuickAdd";
import { StatusBar } from "@/panels/StatusBar";
import { Toolbar } from "@/panels/Toolbar";
import { setTheme } from "@/ui/theme";
import { openDialog, togglePanel, useWorkspace } from "@/workspace/workspace";
import "./app.css";

const Inspector = lazy(async () => ({ default: (await import("@/panels/inspector/Inspector")).Inspector }));
const CodePanel = lazy(async () => ({ default: (await import("@/panels/code/CodePanel")).CodePanel }));
const Commands = lazy(() => import("@/panels/commands/Commands"));
const Gallery = lazy(() => import("@/panels/examples/Gallery"));
const Help = lazy(() => import("@/panels/Help"));
const ImportReport = lazy(() => import("@/panels/import/ImportReport"));
const Recents = lazy(() => import("@/panels/Recents"));

function search(): void {
  const focus = () => document.getElementById("palette-search")?.focus();
  // At once where it can be: what is typed next is for the field, not a shortcut.
  if (useWorkspace.getState().palette) focus();
  else {
    togglePanel("palette");
    requestAnimationFrame(focus);
  }
}

export function App() {
  const palette = useWorkspace((state) => state.palette);
  const inspector = useWorkspace((state) => state.inspector);
  const code = useWorkspace((state) => state.code);
  const wanted = useEditor((state) => state.focus !== null);
  const title = useEditor((state) => titleOf(state.document));
  useEffect(() => {
    document.title = title === "" ? "Torchwire" : `${title} - Torchwire`;
  }, [title]);
  // A field that somebody is led to must be there.
  useEffect(() => {
    if (wanted) useWorkspace.setState({ inspector: true });
  }, [wanted]);
  useEffect(
    () =>
      provide({
        search,
        help: () => openDialog("help"),
        commands: () => openDialog("commands"),
        examples: () => openDialog("examples"),
        recents: () => openDialog("recents"),
        code: () => togglePanel("code"),
        theme: () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
      }),
    [],
  );
  return (
    <div className="app">
      <Toolbar />
      <div className="middle">
        {palette && (
          <aside className="side-left" aria-label="Layers">
            <Boundary what="palette">
              <Palette />
            </Boundary>
          </aside>
        )}
        <main>
          <Boundary what="canvas">
            <Canvas />
          </Boundary>
        </main>
        {code && (
          <aside className="side-code" aria-label="Code">
            <Boundary what="code">
              <Suspense fallback={null}>
                <CodePanel />
              </Suspense>
            </Boundary>
          </aside>
        )}
        {inspector && (
          <aside className="side-right" aria-label="Inspector">
            <Boundary what="inspector">
              <Suspense fallback={null}>
                <Inspector />
              </Suspense>
            </Boundary>
          </aside>
        )}
      </div>
      <div className="bottom">
        <Problems />
        <StatusBar />
      </div>
      <QuickAdd />
      <Dialogs />
      <Notice />
    </div>
  );
}

function Dialogs() {
  const dialog = useWorkspace((state) => state.dialog);
  const isImporting = useStore(importing.store, ({ phase }) => phase !== "closed");
  const close = () => openDialog(null);
  return (
    <Suspense fallback={null}>
      {isImporting && <ImportReport />}
      {dialog === "commands" && <Commands onClose={close} />}
      {dialog === "help" && <Help onClose={close} />}
      {dialog === "recents" && <Recents onClose={close} />}
      {dialog === "examples" && <Gallery isOpen onOpenChange={(open) => !open && close()} />}
    </Suspense>
  );
}
