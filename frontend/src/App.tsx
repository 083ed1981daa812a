/** The page: toolbar, palette, canvas, inspector, problems, totals. Dialogs load once it stands. */
import { useEffect } from "react";
import { useStore } from "zustand";
import { provide } from "@/actions/view";
import { Canvas } from "@/canvas/Canvas";
import { startLayout } from "@/canvas/layout/layout";
import { titleOf } from "@/document/document";
import { useEditor } from "@/editor/hooks";
import { importing } from "@/editor/session";
import { Boundary } from "@/panels/Boundary";
import { Commands } from "@/panels/commands/Commands";
import { fetchParts, later, whenIdle } from "@/panels/later";
import { Notice } from "@/panels/Notice";
import { Palette } from "@/panels/Palette";
import { Problems } from "@/panels/Problems";
import { QuickAdd } from "@/panels/QuickAdd";
import { StatusBar } from "@/panels/StatusBar";
import { Toolbar } from "@/panels/Toolbar";
import { inDialog, words } from "@/panels/Waiting";
import { setTheme } from "@/ui/theme";
import { openDialog, togglePanel, useWorkspace } from "@/workspace/workspace";
import "./app.css";

const Inspector = later(async () => (await import("@/panels/inspector/Inspector")).Inspector, words);
const CodePanel = later(async () => (await import("@/panels/code/CodePanel")).CodePanel, words);
const Gallery = later(async () => (await import("@/panels/examples/Gallery")).default, inDialog("Examples"));
const Help = later(async () => (await import("@/panels/Help")).default, inDialog("Shortcuts"));
const Recents = later(async () => (await import("@/panels/Recents")).default, inDialog("Recent networks"));
const ImportReport = later(
  async () => (await import("@/panels/import/ImportReport")).default,
  (said) => inDialog("Import PyTorch code")(said, { onClose: importing.close }),
);

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
  // All of it comes soon, wanted or not: the server may be away when it is wanted.
  useEffect(() => {
    whenIdle(() => {
      startLayout();
      void fetchParts();
    });
  }, []);
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
              <CodePanel />
            </Boundary>
          </aside>
        )}
        {inspector && (
          <aside className="side-right" aria-label="Inspector">
            <Boundary what="inspector">
              <Inspector />
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
    <>
      {isImporting && (
        <Boundary what="import" onClose={importing.close}>
          <ImportReport />
        </Boundary>
      )}
      {dialog !== null && (
        <Boundary key={dialog} what="dialog" onClose={close}>
          {dialog === "commands" && <Commands onClose={close} />}
          {dialog === "help" && <Help onClose={close} />}
          {dialog === "recents" && <Recents onClose={close} />}
          {dialog === "examples" && <Gallery onClose={close} />}
        </Boundary>
      )}
    </>
  );
}
