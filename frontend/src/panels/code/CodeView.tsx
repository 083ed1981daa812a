/**
 * Text with line numbers and colours, to read and to edit: CodeMirror, which knows how to scroll and search long texts. It stands in a
 * shadow root, where its styles are sheets of the page's own: as <style> elements the content policy refuses them.
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { indentUnit } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { look } from "./highlight";

export interface CodeViewProps {
  label: string;
  text: string;
  /** Lines to mark, counted from 1; the first is scrolled into view when they change. */
  marked: readonly number[];
  /** A line was clicked, or Enter was pressed on it. */
  onLine?: (line: number) => void;
  highlighted: boolean;
  /** The text can be typed into; each change is told. Tab indents, after Escape it goes on. */
  onText?: (text: string) => void;
}

const mark = StateEffect.define<readonly number[]>();
const line = Decoration.line({ class: "cm-line-of-node" });
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(mark)) {
        const { doc } = transaction.state;
        const inside = effect.value.filter((number) => number <= doc.lines);
        return Decoration.set(inside.map((number) => line.range(doc.line(number).from)));
      }
    }
    return set.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function CodeView({ label, text, marked, onLine, highlighted, onText }: CodeViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const call = useRef(onLine);
  call.current = onLine;
  const tell = useRef(onText);
  tell.current = onText;
  const editable = onText !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text that comes later is put in below
  useEffect(() => {
    const here = (target: EditorView) => {
      call.current?.(target.state.doc.lineAt(target.state.selection.main.head).number);
      return true;
    };
    const root = place.current!.shadowRoot ?? place.current!.attachShadow({ mode: "open" });
    const made = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          ...(highlighted ? [python()] : []),
          ...look,
          marks,
          ...(editable
            ? [
                history(),
                indentUnit.of("    "),
                keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
                EditorView.contentAttributes.of({ "aria-label": label }),
                EditorView.updateListener.of((update) => {
                  if (update.docChanged) tell.current?.(update.state.doc.toString());
                }),
              ]
            : [
                EditorState.readOnly.of(true),
                EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": "true", tabindex: "0" }),
                keymap.of([{ key: "Enter", run: here }]),
                EditorView.domEventHandlers({
                  click(_, target) {
                    if (target.state.selection.main.empty) here(target);
                  },
                }),
              ]),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label, highlighted, editable]);

  useEffect(() => {
    const target = view.current;
    // What is typed is here first: text that comes back from a store may be a keystroke behind.
    if (!target || editable) return;
    const old = target.state.doc.toString();
    const changes = old === text ? [] : [{ from: 0, to: old.length, insert: text }];
    const [first] = marked;
    const effects = [mark.of(marked)];
    target.dispatch({ changes, effects });
    if (first !== undefined && first <= target.state.doc.lines) {
      target.dispatch({
        effects: EditorView.scrollIntoView(target.state.doc.line(first).from, { y: "nearest", yMargin: 60 }),
      });
    }
  }, [text, marked, editable]);

  return <div className="code-view" ref={place} />;
}
