/** One node: what it is, what comes out, what it learns, its settings. */
import { useEffect, useState } from "react";
import type { Problem } from "@/api/answer";
import type { GraphDoc, NodeDoc } from "@/document/document";
import { paramsOf } from "@/document/document";
import {
  useEditor,
  useNodeAnswer,
  useNodeLayer,
  useNodeParams,
  useNodePath,
  useNodePorts,
  useProblemsOf,
  useResults,
} from "@/editor/hooks";
import { editor } from "@/editor/session";
import { later } from "@/panels/later";
import { words } from "@/panels/Waiting";
import { Tabs } from "@/ui/Tabs";
import { Header } from "./Header";
import { Learn } from "./Learn";
import { NodeState } from "./NodeState";
import { ProblemNote } from "./ProblemNote";
import { fieldsOf } from "./settings/fields";
import { Settings } from "./settings/Settings";

const Output = later(async () => (await import("./output/Output")).Output, words);
const Parameters = later(async () => (await import("./parameters/Parameters")).Parameters, words);

export type Tab = "output" | "parameters" | "settings" | "learn";

interface NodePanelProps {
  nodeKey: string;
  node: NodeDoc;
  graph: GraphDoc;
  /** The tab that the person chose last; null before any choice. */
  chosen: Tab | null;
  onChoose(tab: Tab): void;
}

export function NodePanel({ nodeKey, node, graph, chosen, onChoose }: NodePanelProps) {
  const answer = useNodeAnswer(nodeKey);
  const stale = useResults((state) => state.stale);
  const layer = useNodeLayer(nodeKey);
  const focus = useEditor((state) => state.focus);
  const problems = useProblemsOf(nodeKey);
  const path = useNodePath(nodeKey);
  const params = useNodeParams(nodeKey);
  const ports = useNodePorts(nodeKey);
  // A node without a result wants its settings first; one with a result is looked at.
  const [first] = useState<Tab>(() => (answer?.state === "ok" ? "output" : "settings"));
  const tab = chosen ?? first;

  useEffect(() => {
    if (focus?.node === nodeKey && focus.field !== "name") onChoose("settings");
  }, [focus, nodeKey, onChoose]);

  const fields = fieldsOf(node, params, ports?.inputs ?? []);
  const inField = (problem: Problem) =>
    tab === "settings" && problem.node === path && fields.has(problem.param ?? `inputs.${problem.port}`);
  const above = problems.filter((problem) => !inField(problem));
  return (
    <>
      <Header nodeKey={nodeKey} node={node} graph={graph} answer={answer} stale={stale} />
      <NodeState answer={answer} />
      {above.length > 0 && (
        <div className="problem-list">
          {above.map((problem) => (
            <div key={`${problem.node}.${problem.code}.${problem.message}`}>
              {problem.node !== null && problem.node !== path && (
                <button
                  type="button"
                  className="link"
                  onClick={() => editor.goTo(problem.node!, problem.param ?? undefined)}
                >
                  {problem.node}
                </button>
              )}
              <ProblemNote problem={problem} />
            </div>
          ))}
        </div>
      )}
      <Tabs
        label="What to show"
        value={tab}
        onChange={onChoose}
        tabs={[
          { value: "output", label: "Output" },
          { value: "parameters", label: "Parameters" },
          { value: "settings", label: "Settings" },
          { value: "learn", label: "Learn" },
        ]}
      >
        {tab === "output" &&
          (answer ? (
            <Output nodeKey={nodeKey} node={node} graph={graph} answer={answer} />
          ) : (
            <p className="quiet">No result yet.</p>
          ))}
        {tab === "parameters" &&
          (answer ? (
            <Parameters nodeKey={nodeKey} node={node} answer={answer} />
          ) : (
            <p className="quiet">No result yet.</p>
          ))}
        {tab === "settings" && <Settings nodeKey={nodeKey} node={node} graph={graph} />}
        {tab === "learn" &&
          (layer ? <Learn layer={layer} /> : <p className="quiet">{Object.keys(paramsOf(node)).length} parameters.</p>)}
      </Tabs>
    </>
  );
}
