/** One node: name, family, type; what differs from torch's defaults; its parameter count. */
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { NodeAnswer, Problem } from "@/api/answer";
import { useNodeAnswer, useProblemsOf } from "@/editor/hooks";
import { familyColour } from "@/ui/families";
import { Icon } from "@/ui/Icon";
import type { FlowNode } from "./flow";
import { NameField } from "./NameField";
import { Ports } from "./Ports";
import { type Row, valueText } from "./rows";
import type { NodeView } from "./scene";
import "./node.css";

export const NodeCard = memo(function NodeCard({ data, selected }: NodeProps<FlowNode>) {
  const { view } = data;
  const answer = useNodeAnswer(view.key);
  const problems = useProblemsOf(view.key);
  // Switched off by its `when` in the use that is shown: neither constructed nor run.
  const absent = view.node.when !== undefined && answer?.state === "ok" && Object.keys(answer.outputs).length === 0;
  const errors = problems.filter((problem) => problem.severity === "error");
  const classes = [
    "node",
    view.kind,
    absent ? "absent" : (answer?.state ?? "new"),
    selected ? "selected" : "",
    errors.length > 0 ? "faulty" : "",
    view.node.when === false ? "bypassed" : "",
    view.node.color ? "tinted" : "",
  ];
  return (
    <div
      className={classes.join(" ")}
      style={{ ["--family" as string]: familyColour(view.family), height: view.height, width: view.width }}
      data-testid={`node-${view.key}`}
      data-state={answer?.state}
      data-family={view.family}
    >
      <Ports node={view.key} ports={view.inputs} labelled={view.labelled.in} />
      {view.kind === "block" && <span className="deck" aria-hidden="true" />}
      <div className="node-title">
        <i className="dot" aria-hidden="true" />
        <NameField node={view.key} />
        <span className="node-type">
          {view.type}
          {view.text.inline !== null && <code>{view.text.inline}</code>}
          {view.node.repeat !== undefined && <code className="repeat">×{valueText(view.node.repeat)}</code>}
        </span>
      </div>
      {view.text.rows.length > 0 && (
        <div className="node-rows">
          {view.text.rows.map((row) => (
            <NodeRow key={row.name} row={row} answer={answer} />
          ))}
          {view.text.more > 0 && <div className="faint">{view.text.more} more</div>}
        </div>
      )}
      {view.count && <Foot answer={answer} view={view} absent={absent} />}
      <Ports node={view.key} ports={view.outputs} labelled={view.labelled.out} />
      {problems.length > 0 && <Badge problems={problems} errors={errors.length} />}
    </div>
  );
});

function NodeRow({ row, answer }: { row: Row; answer: NodeAnswer | undefined }) {
  if (row.value !== null) {
    return (
      <div className={row.expression ? "expression" : undefined}>
        {row.name} <b>{row.value}</b>
      </div>
    );
  }
  const inferred = answer?.inferred[row.name];
  return (
    <div className="inferred" title={`${row.name} is taken from the wire`}>
      {row.name}{" "}
      {inferred === undefined ? <span className="unknown">from the wire</span> : <b>{valueText(inferred)}</b>}
    </div>
  );
}

function Foot({ answer, view, absent }: { answer: NodeAnswer | undefined; view: NodeView; absent: boolean }) {
  const count = answer?.parameter_count;
  if (absent) return <div className="node-foot">not in this use</div>;
  return (
    <div className="node-foot">
      <span>parameters{view.node.trainable === false && ", frozen"}</span>
      <span data-testid={`count-${view.key}`}>
        {count === null || count === undefined ? "unknown" : count.toLocaleString("en-US")}
      </span>
    </div>
  );
}

function Badge({ problems, errors }: { problems: readonly Problem[]; errors: number }) {
  const kind = errors > 0 ? "error" : problems.some((one) => one.severity === "warning") ? "warning" : "info";
  const words = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  return (
    <span className={`badge ${kind}`} title={problems[0]!.message.replaceAll("`", "")}>
      <Icon name="warning" size={10} />
      <span aria-hidden="true">{problems.length}</span>
      <span className="hidden">{words}</span>
    </span>
  );
}
