/** The network as code: what a person would write, beside the canvas and in step with it. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { attempt } from "@/actions/actions";
import { blocksOf, graphOf, nodeOf } from "@/document/document";
import { engineText } from "@/document/text";
import { writeClipboard } from "@/editor/files";
import { useEditor, useResults } from "@/editor/hooks";
import { code, editor, importing } from "@/editor/session";
import { Button, IconButton } from "@/ui/Button";
import { Tabs } from "@/ui/Tabs";
import { notify, togglePanel } from "@/workspace/workspace";
import { CodeView } from "./CodeView";
import { classSpan, linesOf, nodeAt } from "./lines";
import { Parameters } from "./Parameters";
import { curl, python } from "./requests";
import "./code.css";

const TABS = [
  { value: "python", label: "Module" },
  { value: "script", label: "Script" },
  { value: "model", label: "print(model)" },
  { value: "parameters", label: "Parameters" },
  { value: "curl", label: "curl" },
  { value: "request", label: "Request" },
] as const;

type Tab = (typeof TABS)[number]["value"];
const NONE: number[] = [];

export function CodePanel() {
  const [tab, setTab] = useState<Tab>("python");
  const state = useStore(code.store);
  const asCode = tab === "python" || tab === "script";
  useEffect(() => {
    if (tab !== "python" && tab !== "script") return;
    code.setFormat(tab);
    return code.follow();
  }, [tab]);
  const text = useOther(tab);
  const draft = state.draft?.format === tab ? state.draft : null;
  const shown = draft !== null ? draft.text : asCode ? state.text : text;
  const marked = useMarked(asCode ? state.text : null);
  return (
    <div className="code">
      <div className="code-head">
        <h2>Code</h2>
        <div className="grow" />
        {asCode && state.draft === null && (
          <Button size="small" disabled={state.text === null} onClick={code.edit} data-testid="code-edit">
            Edit
          </Button>
        )}
        <IconButton
          label="Copy"
          icon="copy"
          disabled={!shown}
          data-testid="code-copy"
          onClick={() => void writeClipboard(shown ?? "").then(() => notify("Copied."))}
        />
        <IconButton
          label={asCode ? `Download ${state.filename}` : "Download"}
          icon="download"
          disabled={!asCode || state.stale || state.text === null}
          data-testid="code-download"
          onClick={() => void attempt(() => code.download(tab === "script" ? "script" : "python"))}
        />
        <IconButton label="Fold the code away" icon="close" onClick={() => togglePanel("code")} />
      </div>
      <Tabs label="Forms of the network" value={tab} onChange={setTab} tabs={TABS}>
        {asCode && draft === null && state.refusal !== null && (
          <p className="code-refusal" role="status" data-testid="code-refusal">
            {state.text === null ? "There is no code yet. " : "This is the code before the last change. "}
            {state.refusal}
          </p>
        )}
        {draft !== null && (
          <p className="code-draft" data-testid="code-draft">
            <span>Your own version. Applied, it opens as a new network.</span>
            <Button size="small" onClick={code.discard} data-testid="code-discard">
              Discard
            </Button>
            <Button size="small" variant="primary" onClick={apply} data-testid="code-apply">
              Apply
            </Button>
          </p>
        )}
        <div className={`code-body ${asCode && draft === null && state.stale ? "stale" : ""}`} data-testid="code-body">
          {tab === "parameters" ? (
            <Parameters />
          ) : (
            <CodeView
              key={draft === null ? tab : `${tab} draft`}
              label={`The network as code: ${TABS.find(({ value }) => value === tab)!.label}`}
              text={shown ?? ""}
              marked={draft === null ? marked : NONE}
              highlighted={tab !== "model" && tab !== "curl"}
              onLine={asCode ? goTo : undefined}
              onText={draft === null ? undefined : code.write}
            />
          )}
        </div>
      </Tabs>
    </div>
  );
}

/** Has the draft read: it opens as a new network, at once where nothing is to be said of it. */
function apply(): void {
  const source = code.source();
  if (source !== null) void importing.read(source);
}

/** Selects the node that a line of the code is about. */
function goTo(line: number): void {
  const { text } = code.store.getState();
  const { document, graph } = editor.state();
  if (text === null) return;
  const blocks = [null, ...Object.keys(blocksOf(document))];
  const inside = (name: string | null) => {
    const span = classSpan(text, name);
    return span !== null && span.from <= line && line <= span.to;
  };
  const name = blocks.find(inside);
  if (name === undefined) return;
  const node = nodeAt(text, line, Object.keys(graphOf(document, name)?.nodes ?? {}));
  if (node === null) return;
  if (name !== graph) editor.open(name);
  editor.show([node]);
}

/** The lines of the selected nodes. */
function useMarked(text: string | null): readonly number[] {
  const graph = useEditor((state) => state.graph);
  const document = useEditor((state) => state.document);
  const selection = useEditor((state) => state.selection);
  return useMemo(() => {
    if (text === null || selection.size === 0) return NONE;
    const span = classSpan(text, graph);
    if (span === null) return NONE;
    const found = new Set<number>();
    for (const key of selection) {
      const attribute = nodeOf(graphOf(document, graph), key)?.attribute;
      for (const line of linesOf(text, span, key, typeof attribute === "string" ? attribute : key)) found.add(line);
    }
    return [...found].sort((a, b) => a - b);
  }, [text, graph, document, selection]);
}

/** The text of a tab that needs no export. */
function useOther(tab: Tab): string | null {
  const document = useEditor((state) => state.document);
  const repr = useResults((state) => state.answer?.repr ?? null);
  const make = useCallback(() => {
    if (tab === "model") return repr;
    if (tab === "curl") return curl(location.origin, engineText(document));
    if (tab === "request") return python(location.origin, engineText(document));
    return null;
  }, [tab, document, repr]);
  return useMemo(make, [make]);
}
