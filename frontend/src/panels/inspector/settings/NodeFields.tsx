/** What a node is beside its parameters: type, repeat, bypass, frozen, its name in code, how it is initialised, a note. */
import { useId } from "react";
import type { LayerParam, LayerType, Problem } from "@/api/answer";
import { type GraphName, type Json, type NodeDoc, paramsOf, typeName } from "@/document/document";
import { editor } from "@/editor/session";
import { useDraft } from "./draft";
import { FieldRow } from "./FieldRow";
import { formatField, type Parsed, parseField } from "./field";
import { retype } from "./retype";
import { TypeInput } from "./TypeInput";

const REPEAT = made("repeat", "int", { min: 0, max: 10_000 });
const WHEN = made("when", "bool", {});

function made(name: string, kind: string, more: Partial<LayerParam>): LayerParam {
  return {
    name,
    kind,
    default: null,
    required: false,
    inferred: false,
    min: null,
    max: null,
    choices: null,
    length: null,
    nullable: false,
    forward: false,
    summary: "",
    ...more,
  };
}

interface NodeFieldsProps {
  graph: GraphName;
  nodeKey: string;
  node: NodeDoc;
  layers: ReadonlyMap<string, LayerType>;
  types: readonly string[];
  problems: readonly Problem[];
  /** It has parameters of its own, so freezing and initialising mean something. */
  learns: boolean;
}

export function NodeFields({ graph, nodeKey, node, layers, types, problems, learns }: NodeFieldsProps) {
  const id = useId();
  const set = (field: keyof NodeDoc, value: Json | undefined) =>
    editor.dispatch({ kind: "field", graph, node: nodeKey, field, value }, `field:${graph}:${nodeKey}:${field}`);
  const own = (field: string) =>
    problems.filter((problem) => problem.param === field && !Object.hasOwn(paramsOf(node), field));
  return (
    <>
      {node.call === undefined && (
        <FieldRow name="type" label="Type" reason={null} problems={own("type")}>
          {({ control, describedBy, invalid }) => (
            <TypeInput
              id={control}
              listId={`${id}-types`}
              describedBy={describedBy}
              invalid={invalid}
              value={typeName(node) ?? ""}
              types={types}
              onChange={(type) => {
                if (type !== "") editor.dispatch(retype(graph, nodeKey, node, type, layers.get(type)));
              }}
            />
          )}
        </FieldRow>
      )}
      <FieldRow
        name="when"
        label="Bypass"
        reason={null}
        problems={[]}
        summary="Pass the input through, without this node"
      >
        {({ control, describedBy }) => (
          <input
            id={control}
            type="checkbox"
            aria-describedby={describedBy}
            checked={node.when === false}
            onChange={(event) => set("when", event.target.checked ? false : undefined)}
          />
        )}
      </FieldRow>
      {learns && (
        <FieldRow
          name="trainable"
          label="Frozen"
          reason={null}
          problems={own("trainable")}
          summary="requires_grad_(False)"
        >
          {({ control, describedBy }) => (
            <input
              id={control}
              type="checkbox"
              aria-describedby={describedBy}
              checked={node.trainable === false}
              onChange={(event) => set("trainable", event.target.checked ? false : undefined)}
            />
          )}
        </FieldRow>
      )}
      <TextRow
        field="repeat"
        label="Repeat"
        summary="Copies in a row, each with its own weights; i is the copy's number"
        placeholder="once"
        value={node.repeat}
        problems={own("repeat")}
        parse={(text) => parseField(REPEAT, text)}
        format={(value) => formatField(REPEAT, value)}
        onChange={(value) => set("repeat", value)}
      />
      <TextRow
        field="when"
        label="Only when"
        summary="An expression; where it is false the node is left out"
        placeholder="always"
        value={node.when}
        problems={own("when")}
        parse={(text) => parseField(WHEN, text)}
        format={(value) => formatField(WHEN, value)}
        onChange={(value) => set("when", value)}
      />
      <TextRow
        field="attribute"
        label="Attribute"
        summary="Its name in code and state_dict, where it is not the node's own: features.0"
        placeholder={nodeKey}
        value={node.attribute}
        problems={own("attribute")}
        parse={plain}
        format={(value) => (typeof value === "string" ? value : "")}
        onChange={(value) => set("attribute", value)}
      />
      {learns && (
        <TextRow
          field="init"
          label="Init"
          summary={'torch.nn.init functions by parameter: {"weight": {"normal_": {"std": 0.02}}}'}
          placeholder="torch's own"
          value={node.init}
          problems={own("init")}
          parse={json}
          format={(value) => (value === undefined ? "" : JSON.stringify(value))}
          onChange={(value) => set("init", value)}
        />
      )}
      <TextRow
        field="note"
        label="Note"
        placeholder="for readers"
        value={node.note}
        problems={own("note")}
        parse={plain}
        format={(value) => (typeof value === "string" ? value : "")}
        onChange={(value) => set("note", value)}
      />
    </>
  );
}

const plain = (text: string): Parsed => ({ ok: true, value: text.trim() === "" ? undefined : text });

/** An object as JSON. */
export function json(text: string): Parsed {
  if (text.trim() === "") return { ok: true, value: undefined };
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ok: true, value };
  } catch {
    // Said below, in words for the person who types.
  }
  return { ok: false, reason: 'an object as JSON: {"weight": {"normal_": {"std": 0.02}}}' };
}

interface TextRowProps {
  field: string;
  label: string;
  summary?: string;
  placeholder: string;
  value: Json | undefined;
  problems: readonly Problem[];
  parse(text: string): Parsed;
  format(value: Json | undefined): string;
  onChange(value: Json | undefined): void;
}

export function TextRow({
  field,
  label,
  summary,
  placeholder,
  value,
  problems,
  parse,
  format,
  onChange,
}: TextRowProps) {
  const draft = useDraft({ value: format(value), parse, format, send: onChange });
  return (
    <FieldRow
      name={field}
      label={label}
      {...(summary === undefined ? {} : { summary })}
      reason={draft.reason}
      problems={problems}
      reset={value === undefined ? null : () => onChange(undefined)}
      resetLabel={`Clear ${label.toLowerCase()}`}
    >
      {({ control, describedBy, invalid }) => (
        <input
          id={control}
          className="input mono"
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          value={draft.text}
          onChange={(event) => draft.change(event.target.value)}
          onBlur={draft.blur}
          onKeyDown={draft.keyDown}
        />
      )}
    </FieldRow>
  );
}
