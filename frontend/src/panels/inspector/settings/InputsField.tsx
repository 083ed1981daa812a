/** The wires into a node: for each port what it reads, and another source for it. */
import { useId } from "react";
import type { Problem } from "@/api/answer";
import { type GraphName, inputsOf, type Json, type NodeDoc, type Reference } from "@/document/document";
import type { InputPort } from "@/document/ports";
import { editor } from "@/editor/session";
import { IconButton } from "@/ui/Button";
import { ProblemNote } from "../ProblemNote";

interface InputsFieldProps {
  name: GraphName;
  nodeKey: string;
  node: NodeDoc;
  ports: readonly InputPort[];
  /** What can be read, in document order: references. */
  sources: readonly Reference[];
  problems: readonly Problem[];
}

export function InputsField({ name, nodeKey, node, ports, sources, problems }: InputsFieldProps) {
  const inputs = inputsOf(node);
  const known = new Set(ports.map((port) => port.name));
  // A wire into a parameter (tied weights), or into a port that this type does not have.
  const others = Object.keys(inputs)
    .filter((port) => !known.has(port))
    .map((port): InputPort => ({ name: port, optional: true, many: false, label: null }));
  const all = [...ports, ...others];
  if (all.length === 0) return null;
  const connect = (port: InputPort, from: Reference, index?: number) =>
    editor.dispatch({
      kind: "connect",
      graph: name,
      wire: { from, to: { node: nodeKey, port: port.name, ...(index === undefined ? {} : { index }) } },
      many: port.many,
    });
  const disconnect = (port: InputPort, index?: number) =>
    editor.dispatch({
      kind: "disconnect",
      graph: name,
      to: { node: nodeKey, port: port.name, ...(index === undefined ? {} : { index }) },
    });
  const move = (port: InputPort, from: number, to: number) => {
    const list = [inputs[port.name] ?? []].flat();
    const [moved] = list.splice(from, 1);
    list.splice(to, 0, moved!);
    editor.dispatch({
      kind: "field",
      graph: name,
      node: nodeKey,
      field: "inputs",
      value: { ...inputs, [port.name]: list } as Json,
    });
  };
  return (
    <fieldset className="group">
      <legend>Inputs</legend>
      {all.map((port) => {
        // What is no reference is shown as it is written: it can be taken away or replaced.
        const wires = [inputs[port.name] ?? []]
          .flat()
          .map((wire: unknown) => (typeof wire === "string" ? wire : JSON.stringify(wire)));
        const own = problems.filter((problem) => problem.port === port.name && problem.param === null);
        return (
          <div key={port.name} className="port" data-field={`inputs.${port.name}`}>
            {wires.map((wire, index) => (
              <WireRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a list port may read one source twice; its place is its name
                key={index}
                port={port}
                place={port.many ? index : null}
                wire={wire}
                sources={sources}
                onChange={(from) =>
                  from === ""
                    ? disconnect(port, Array.isArray(inputs[port.name]) ? index : undefined)
                    : connect(port, from, Array.isArray(inputs[port.name]) || port.many ? index : undefined)
                }
                onUp={port.many && index > 0 ? () => move(port, index, index - 1) : null}
                onDown={port.many && index < wires.length - 1 ? () => move(port, index, index + 1) : null}
              />
            ))}
            {(port.many || wires.length === 0) && (
              <WireRow
                port={port}
                place={port.many ? wires.length : null}
                wire={null}
                sources={sources}
                onChange={(from) => from !== "" && connect(port, from)}
                onUp={null}
                onDown={null}
              />
            )}
            {own.map((problem) => (
              <ProblemNote key={problem.code + problem.message} problem={problem} />
            ))}
          </div>
        );
      })}
    </fieldset>
  );
}

interface WireRowProps {
  port: InputPort;
  /** The place in a list port. */
  place: number | null;
  wire: Reference | null;
  sources: readonly Reference[];
  onChange(from: Reference | ""): void;
  onUp: (() => void) | null;
  onDown: (() => void) | null;
}

function WireRow({ port, place, wire, sources, onChange, onUp, onDown }: WireRowProps) {
  const id = useId();
  const name = place === null ? port.name : `${port.name}[${place}]`;
  const empty = wire !== null ? "— take the wire away" : port.many ? "add one…" : port.optional ? "nothing" : "choose…";
  // A dangling wire is shown as it is.
  const listed = wire === null || sources.includes(wire) ? sources : [wire, ...sources];
  return (
    <div className="field-row">
      <label htmlFor={id} className="mono" title={port.label ?? undefined}>
        {name}
        {port.label && port.label !== port.name && <small> {port.label}</small>}
      </label>
      <div className="field-control">
        <select
          id={id}
          className={`input mono ${wire === null ? "unset" : ""}`}
          value={wire ?? ""}
          onChange={(event) => onChange(event.target.value)}
        >
          <option value="">{empty}</option>
          {listed.map((source) => (
            <option key={source} value={source}>
              {source}
              {sources.includes(source) ? "" : " (not there)"}
            </option>
          ))}
        </select>
      </div>
      <span className="row-buttons">
        {onUp && <IconButton label={`Move ${name} up`} icon="chevronUp" onClick={onUp} />}
        {onDown && <IconButton label={`Move ${name} down`} icon="chevronDown" onClick={onDown} />}
        {wire !== null && <IconButton label={`Disconnect ${name}`} icon="close" onClick={() => onChange("")} />}
      </span>
    </div>
  );
}
