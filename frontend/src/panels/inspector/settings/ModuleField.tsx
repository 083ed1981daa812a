/** A parameter whose value is a layer: its type, and its own form inside. */
import { useId } from "react";
import type { LayerParam } from "@/api/answer";
import { isObject, type Json, withKey, withoutKey } from "@/document/document";
import { useCatalogue } from "@/editor/hooks";
import { FieldRow } from "./FieldRow";
import { ParamField, type ParamFieldProps } from "./ParamField";
import { TypeInput } from "./TypeInput";

/** What usually stands there. */
const USUAL: Record<string, string[]> = {
  encoder_layer: ["TransformerEncoderLayer"],
  decoder_layer: ["TransformerDecoderLayer"],
  norm: ["LayerNorm", "RMSNorm"],
  custom_encoder: ["TransformerEncoder"],
  custom_decoder: ["TransformerDecoder"],
};

export function ModuleField({ param, address, value, inferred, problems, onChange }: ParamFieldProps) {
  const id = useId();
  const { layers } = useCatalogue();
  const node = isObject(value) ? value : {};
  const type = typeof node.type === "string" ? node.type : "";
  const params = isObject(node.params) ? node.params : {};
  const layer = layers.get(type);
  const modules = [...layers.values()].filter((one) => one.form === "module").map((one) => one.type);
  const optional = !param.required;
  const within = isObject(inferred) ? inferred : {};
  const set = (name: string, next: Json | undefined) =>
    onChange({ ...node, params: next === undefined ? withoutKey(params, name) : withKey(params, name, next) });
  return (
    <fieldset className="nested">
      <legend className="hidden">{param.name}</legend>
      <FieldRow
        name={address}
        short={param.name}
        summary={param.summary || "a layer of its own"}
        mark={
          value === undefined || value === null ? optional ? null : <span className="required">required</span> : null
        }
        reason={null}
        problems={problems.filter((problem) => problem.param === address)}
        reset={optional && value !== undefined ? () => onChange(undefined) : null}
      >
        {({ control, describedBy, invalid }) => (
          <TypeInput
            id={control}
            listId={`${id}-types`}
            describedBy={describedBy}
            invalid={invalid}
            placeholder={optional ? "None" : (USUAL[param.name]?.[0] ?? "a layer")}
            value={type}
            types={[...new Set([...(USUAL[param.name] ?? []), ...modules])]}
            onChange={(next) => onChange(next === "" ? undefined : { type: next, params })}
          />
        )}
      </FieldRow>
      {layer && (
        <div className="nested-form">
          {layer.params
            .filter((inner) => !inner.forward)
            .map((inner: LayerParam) => (
              <ParamField
                key={`${type}.${inner.name}`}
                param={inner}
                address={`${address}.${inner.name}`}
                value={params[inner.name]}
                inferred={within[inner.name]}
                problems={problems}
                onChange={(next) => set(inner.name, next)}
              />
            ))}
        </div>
      )}
    </fieldset>
  );
}
