/** The field of one parameter, by its kind. */
import { useState } from "react";
import type { LayerParam, Problem } from "@/api/answer";
import { type Json, same } from "@/document/document";
import { useDraft } from "./draft";
import { FieldRow } from "./FieldRow";
import { formatField, optionsOf, parseField, placeholderOf } from "./field";
import { formatLiteral, isExpression } from "./literal";
import { ModuleField } from "./ModuleField";

export interface ParamFieldProps {
  param: LayerParam;
  /** The field's address: the parameter's name, in a nested layer "encoder_layer.nhead". */
  address: string;
  value: Json | undefined;
  /** What the wire decides, where it does. */
  inferred: Json | undefined;
  /** Problems of the node, those of other fields too. */
  problems: readonly Problem[];
  /** Undefined takes the value away. */
  onChange(value: Json | undefined): void;
}

export function ParamField(props: ParamFieldProps) {
  const { param, value } = props;
  const [typing, setTyping] = useState(false);
  if (param.kind === "module") return <ModuleField {...props} />;
  const options = optionsOf(param);
  const listed = options !== null && (value === undefined || options.some((option) => same(option, value)));
  if (listed && !typing) return <ChoiceField {...props} options={options} onExpression={() => setTyping(true)} />;
  return <TextualField {...props} start={typing} onLeave={() => setTyping(false)} />;
}

const EXPRESSION = "expression";

function ChoiceField({ options, onExpression, ...props }: ParamFieldProps & { options: Json[]; onExpression(): void }) {
  const { param, address, value, problems, onChange } = props;
  const at = options.findIndex((option) => same(option, value));
  const none = param.required ? "choose…" : `${placeholderOf(param, props.inferred)} (default)`;
  return (
    <FieldRow {...rowOf(props)} name={address} reason={null} problems={own(problems, address)}>
      {({ control, describedBy, invalid }) => (
        <select
          id={control}
          className={`input mono ${value === undefined ? "unset" : ""}`}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          value={value === undefined ? "" : String(at)}
          onChange={(event) => {
            const chosen = event.target.value;
            if (chosen === EXPRESSION) onExpression();
            else onChange(chosen === "" ? undefined : options[Number(chosen)]);
          }}
        >
          <option value="">{none}</option>
          {options.map((option, index) => (
            <option key={formatLiteral(option)} value={index}>
              {formatLiteral(option)}
            </option>
          ))}
          <option value={EXPRESSION}>= an expression…</option>
        </select>
      )}
    </FieldRow>
  );
}

function TextualField({ start, onLeave, ...props }: ParamFieldProps & { start: boolean; onLeave(): void }) {
  const { param, address, value, inferred, problems, onChange } = props;
  const draft = useDraft({
    value: formatField(param, value),
    parse: (text) => parseField(param, text),
    format: (parsed) => formatField(param, parsed),
    send: onChange,
    step: (text, by) => stepped(param, text || placeholderOf(param, inferred), by),
  });
  const fromInput = value === undefined && param.inferred;
  return (
    <FieldRow {...rowOf(props)} name={address} reason={draft.reason} problems={own(problems, address)}>
      {({ control, describedBy, invalid }) => (
        <input
          id={control}
          // biome-ignore lint/a11y/noAutofocus: the person has just chosen to type an expression here
          autoFocus={start}
          className={`input mono ${isExpression(value) ? "expression" : ""} ${fromInput ? "inferred" : ""}`}
          autoComplete="off"
          spellCheck={false}
          placeholder={start ? "= stride * 2" : placeholderOf(param, inferred)}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          aria-required={(param.required && !param.inferred) || undefined}
          value={draft.text}
          onChange={(event) => draft.change(event.target.value)}
          onBlur={() => {
            draft.blur();
            onLeave();
          }}
          onKeyDown={draft.keyDown}
        />
      )}
    </FieldRow>
  );
}

/** Problems of this field. */
function own(problems: readonly Problem[], address: string): Problem[] {
  return problems.filter((problem) => problem.param === address);
}

function rowOf({ param, value, inferred, onChange }: ParamFieldProps) {
  const missing = value === undefined && param.required && !param.inferred;
  const fromInput = value === undefined && inferred !== undefined;
  return {
    short: param.name,
    summary: param.summary,
    mark: missing ? (
      <span className="required">required</span>
    ) : fromInput ? (
      <span className="from-input">from the input</span>
    ) : null,
    reset: value !== undefined && (!param.required || param.inferred) ? () => onChange(undefined) : null,
    resetLabel: param.inferred ? `Take ${param.name} from the input` : `Back to torch's default for ${param.name}`,
  };
}

/** The text one step on, within the bounds; null for what is no plain number. */
export function stepped(param: LayerParam, text: string, by: number): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(text.trim())) return null;
  const number = Number(text);
  const unit = param.kind === "float" || (param.kind === "number" && !Number.isInteger(number)) ? 0.1 : 1;
  const next = Math.round((number + by * unit) * 1e9) / 1e9;
  return String(Math.min(param.max ?? Number.POSITIVE_INFINITY, Math.max(param.min ?? Number.NEGATIVE_INFINITY, next)));
}
