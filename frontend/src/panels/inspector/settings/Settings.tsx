/** The form of one node: its parameters from the catalogue, its wires, and what it is beside them. */
import { useEffect, useMemo, useRef } from "react";
import type { LayerParam, Problem } from "@/api/answer";
import { blocksOf, type GraphDoc, graphOf, type Json, type NodeDoc, paramsOf } from "@/document/document";
import { pathOf } from "@/document/paths";
import { portsOf } from "@/editor/catalogue";
import {
  useCatalogue,
  useEditor,
  useNodeAnswer,
  useNodeLayer,
  useNodeParams,
  useNodePorts,
  useProblemsOf,
  useResults,
} from "@/editor/hooks";
import { editor } from "@/editor/session";
import { focusField } from "./focus";
import { InputsField } from "./InputsField";
import { NodeFields } from "./NodeFields";
import { ParamField } from "./ParamField";
import { PasteTensor } from "./PasteTensor";
import { forFill, relevant } from "./relevant";
import { sourcesOf } from "./sources";

interface SettingsProps {
  nodeKey: string;
  node: NodeDoc;
  graph: GraphDoc;
}

export function Settings({ nodeKey, node, graph }: SettingsProps) {
  const name = useEditor((state) => state.graph);
  const focus = useEditor((state) => state.focus);
  const params = useNodeParams(nodeKey);
  const layer = useNodeLayer(nodeKey);
  const ports = useNodePorts(nodeKey);
  const answer = useNodeAnswer(nodeKey);
  const problems = useProblemsOf(nodeKey);
  const catalogue = useCatalogue();
  const document = useEditor((state) => state.document);
  const use = useEditor((state) => state.use);
  const answers = useResults((state) => state.nodes);
  const form = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (focus?.node !== nodeKey || !form.current) return;
    focusField(form.current, focus.field);
    editor.clearFocus();
  }, [focus, nodeKey]);

  const sources = useMemo(
    () =>
      sourcesOf(
        graph,
        nodeKey,
        (key) => portsOf(catalogue, document, name, key)?.outputs ?? [],
        (key) => answers.get(pathOf(document, name, use, key) ?? ""),
      ),
    [graph, nodeKey, catalogue, document, name, answers, use],
  );
  const { blocks } = document;
  const types = useMemo(
    () => [...Object.keys(blocksOf({ blocks })), ...catalogue.layers.keys()],
    [blocks, catalogue.layers],
  );

  const given = paramsOf(node);
  const set = (param: string, value: Json | undefined) =>
    editor.dispatch(
      { kind: "param", graph: name, node: nodeKey, name: param, value },
      `param:${name}:${nodeKey}:${param}`,
    );
  const stored = node.type === "Input" || node.type === "Parameter" || node.type === "Constant";
  const field = (param: LayerParam) => (
    <ParamField
      key={`${node.type}.${param.name}`}
      param={stored ? forFill(param, given.fill) : param}
      address={param.name}
      value={given[param.name]}
      inferred={answer?.inferred[param.name]}
      problems={problems}
      onChange={(value) => set(param.name, value)}
    />
  );
  const shown = params.filter((param) => relevant(node, param));
  const called = shown.filter((param) => param.forward && layer?.form === "module");
  const own = shown.filter((param) => !called.includes(param));
  const unknown = Object.keys(given).filter((param) => !params.some((known) => known.name === param));

  return (
    <div ref={form} className="settings">
      {own.length > 0 && (
        <fieldset className="group">
          <legend>
            {stored ? "Sample" : node.type && graphOf(document, node.type) ? "Parameters of the block" : "Parameters"}
          </legend>
          {own.map(field)}
          {stored && <PasteTensor graph={name} nodeKey={nodeKey} node={node} />}
        </fieldset>
      )}
      {called.length > 0 && (
        <fieldset className="group">
          <legend>When it is called</legend>
          {called.map(field)}
        </fieldset>
      )}
      {unknown.map((param) => (
        <ParamField
          key={param}
          param={stranger(param)}
          address={param}
          value={given[param]}
          inferred={undefined}
          problems={problems}
          onChange={(value) => set(param, value)}
        />
      ))}
      <InputsField
        name={name}
        nodeKey={nodeKey}
        node={node}
        ports={ports?.inputs ?? []}
        sources={sources}
        problems={problems as Problem[]}
      />
      <fieldset className="group">
        <legend>Node</legend>
        <NodeFields
          graph={name}
          nodeKey={nodeKey}
          node={node}
          layers={catalogue.layers}
          types={types}
          problems={problems}
          learns={
            (answer !== undefined && Object.keys(answer.parameters).length > 0) ||
            node.trainable !== undefined ||
            node.init !== undefined
          }
        />
      </fieldset>
    </div>
  );
}

/** A parameter that the type does not have: shown as it stands, so that it can be taken away. */
function stranger(name: string): LayerParam {
  return {
    name,
    kind: "any",
    default: null,
    required: false,
    inferred: false,
    min: null,
    max: null,
    choices: null,
    length: null,
    nullable: true,
    forward: false,
    summary: "not a parameter of this type",
  };
}
