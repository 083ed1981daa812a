/** The head of the page: the document, its history, how it runs, and whether it is live. */
import { attempt, run } from "@/actions/actions";
import { batchOf, hasBatch } from "@/document/batch";
import { titleOf } from "@/document/document";
import { useEditor, useResults, useSaving } from "@/editor/hooks";
import { editor, remote } from "@/editor/session";
import { Button, IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { NumberField } from "@/ui/NumberField";
import { Segmented } from "@/ui/Segmented";
import { TextField } from "@/ui/TextField";
import { setTheme, useTheme } from "@/ui/theme";
import { menuItem, shortcutOf } from "@/workspace/menuItem";
import { openDialog, togglePanel, useWorkspace } from "@/workspace/workspace";
import { Live } from "./Live";
import { SavingWords } from "./SavingWords";
import "./toolbar.css";

const LARGEST_SEED = 2 ** 53 - 1;
const LARGEST_BATCH = 65_536;

export function Toolbar() {
  const palette = useWorkspace((state) => state.palette);
  const inspector = useWorkspace((state) => state.inspector);
  return (
    <header className="toolbar">
      <IconButton
        label={palette ? "Fold the layers away" : "Show the layers"}
        icon="panelLeft"
        pressed={palette}
        onClick={() => togglePanel("palette")}
      />
      <div className="mark">
        <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
          <circle cx="4.5" cy="15.5" r="2.5" />
          <circle cx="17.5" cy="6.5" r="2.5" />
          <path d="M7 15.5c5 0 3-9 8-9" />
        </svg>
        <h1>torchwire</h1>
      </div>
      <DocumentName />
      <History />
      <div className="grow" />
      <RunSettings />
      <Live />
      <FileMenu />
      <CodeButton />
      <Button variant="primary" onClick={() => openDialog("examples")} data-testid="examples">
        Examples
      </Button>
      <ThemeMenu />
      <IconButton label="Shortcuts" icon="help" shortcut="?" onClick={() => void run("help")} data-testid="help" />
      <IconButton
        label={inspector ? "Fold the inspector away" : "Show the inspector"}
        icon="panelRight"
        pressed={inspector}
        onClick={() => togglePanel("inspector")}
      />
    </header>
  );
}

function CodeButton() {
  const open = useWorkspace((state) => state.code);
  return (
    <Button aria-pressed={open} className="code-button" onClick={() => togglePanel("code")} data-testid="code">
      Code
    </Button>
  );
}

function DocumentName() {
  const name = useEditor((state) => titleOf(state.document));
  const conflict = useSaving().remote.status === "conflict";
  return (
    <div className="document">
      <TextField
        label="Name of the network"
        hideLabel
        className="document-name"
        placeholder="Untitled"
        maxLength={100}
        value={name}
        data-testid="document-name"
        onCommit={(value) => editor.dispatch({ kind: "head", field: "name", value })}
      />
      <SavingWords testId="saving" />
      {conflict && <Conflict />}
    </div>
  );
}

/** The network was saved in two places: neither is overwritten until somebody says which one to go on with. */
function Conflict() {
  return (
    <Menu
      label="Saved elsewhere too"
      testId="conflict"
      items={[
        {
          label: "Keep mine as a copy",
          hint: "The other one stays as it is",
          icon: "copy",
          onSelect: () => remote.keepMine(),
        },
        {
          label: "Open the other one",
          hint: "Yours stays in Recent networks",
          icon: "folder",
          onSelect: () => void attempt(() => remote.openTheirs()),
        },
      ]}
    >
      Resolve <Icon name="chevronDown" size={12} />
    </Menu>
  );
}

function History() {
  const canUndo = useEditor((state) => state.canUndo);
  const canRedo = useEditor((state) => state.canRedo);
  return (
    <div className="history">
      <IconButton
        label="Undo"
        icon="undo"
        shortcut={shortcutOf("undo")}
        disabled={!canUndo}
        data-testid="undo"
        onClick={() => void run("undo")}
      />
      <IconButton
        label="Redo"
        icon="redo"
        shortcut={shortcutOf("redo")}
        disabled={!canRedo}
        data-testid="redo"
        onClick={() => void run("redo")}
      />
    </div>
  );
}

function RunSettings() {
  const seed = useEditor((state) => state.document.seed) ?? 0;
  const training = useEditor((state) => state.document.training) === true;
  const batch = useEditor((state) => batchOf(state.document));
  const batched = useEditor((state) => hasBatch(state.document));
  return (
    <>
      <NumberField
        label="batch"
        className="batch"
        title={batched ? "The first size of every Input" : "No Input has a size to set: typed values have their own"}
        disabled={!batched}
        min={1}
        max={LARGEST_BATCH}
        value={batch}
        placeholder="–"
        data-testid="batch"
        onChange={(size) => editor.dispatch({ kind: "batch", size }, "batch")}
      />
      <NumberField
        label="seed"
        className="seed"
        title="Weights, inputs and dropout are drawn from it"
        min={0}
        max={LARGEST_SEED}
        value={typeof seed === "number" ? seed : null}
        data-testid="seed"
        onChange={(value) => editor.dispatch({ kind: "head", field: "seed", value }, "seed")}
      />
      <Segmented
        label="Mode"
        testId="mode"
        value={training ? "train" : "eval"}
        options={[
          { value: "train", label: "train", title: "Dropout drops, batch norm uses the batch" },
          { value: "eval", label: "eval", title: "As the trained network is used" },
        ]}
        onChange={(mode) => editor.dispatch({ kind: "head", field: "training", value: mode === "train" })}
      />
    </>
  );
}

function FileMenu() {
  useResults((state) => state.revision);
  const docs = () => window.open("/docs", "_blank", "noopener");
  return (
    <Menu
      label="File"
      align="end"
      testId="file-menu"
      items={[
        menuItem("new"),
        menuItem("open"),
        menuItem("import"),
        menuItem("recents"),
        null,
        menuItem("save"),
        menuItem("link"),
        null,
        menuItem("code"),
        menuItem("export-script"),
        menuItem("export-python"),
        menuItem("export-notebook"),
        menuItem("export-state"),
        menuItem("export-onnx"),
        menuItem("export-table"),
        menuItem("export-svg"),
        menuItem("export-png"),
        null,
        { label: "API of this server", icon: "external", onSelect: docs },
      ]}
    >
      File <Icon name="chevronDown" size={12} />
    </Menu>
  );
}

function ThemeMenu() {
  const { choice, dark } = useTheme();
  return (
    <Menu
      label={`Theme: ${choice}`}
      align="end"
      className="icon-btn"
      testId="theme"
      items={[
        { label: "Light", checked: choice === "light", onSelect: () => setTheme("light") },
        { label: "Dark", checked: choice === "dark", onSelect: () => setTheme("dark") },
        { label: "As the system", checked: choice === "system", onSelect: () => setTheme("system") },
      ]}
    >
      <Icon name={dark ? "moon" : "sun"} />
    </Menu>
  );
}
