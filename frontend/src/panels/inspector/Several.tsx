/** Several nodes at once: what they have in common, and what can be done with all of them. */
import { run } from "@/actions/actions";
import type { Command } from "@/document/command";
import { calledNode, type GraphDoc, type Json, paramsOf, same, typeName } from "@/document/document";
import { pathOf } from "@/document/paths";
import { useEditor, useResults } from "@/editor/hooks";
import { editor } from "@/editor/session";
import { Button } from "@/ui/Button";
import { formatLiteral } from "./settings/literal";
import { grouped } from "./statistics";

export function Several({ keys, graph }: { keys: readonly string[]; graph: GraphDoc }) {
  const name = useEditor((state) => state.graph);
  const use = useEditor((state) => state.use);
  const document = useEditor((state) => state.document);
  const answers = useResults((state) => state.nodes);
  const nodes = keys.map((key) => graph.nodes[key]!);
  const types = [...new Set(nodes.map((node) => typeName(node) ?? "call"))];
  const counts = keys.map((key) => answers.get(pathOf(document, name, use, key) ?? "")?.parameter_count ?? null);
  const known = counts.filter((count) => count !== null);
  const first = paramsOf(nodes[0]!);
  const common = Object.entries(first).filter(([param, value]) =>
    nodes.every((node) => same(paramsOf(node)[param], value)),
  );
  const all = (field: "when" | "trainable", value: Json | undefined) =>
    editor.dispatch({
      kind: "sequence",
      commands: keys.map((node): Command => ({ kind: "field", graph: name, node, field, value })),
    });
  const bypassed = nodes.every((node) => node.when === false);
  const frozen = nodes.every((node) => node.trainable === false);
  return (
    <>
      <div className="inspector-head">
        <div className="title">
          <h2>{keys.length} nodes</h2>
          <span className="type">{types.length === 1 ? types[0] : `${types.length} types`}</span>
        </div>
      </div>
      <dl className="boxes">
        <div>
          <dt>parameters</dt>
          <dd className="mono">
            {grouped(known.reduce((sum, count) => sum + count, 0))}
            {known.length < counts.length && <small>{counts.length - known.length} unknown</small>}
          </dd>
        </div>
      </dl>
      {common.length > 0 && (
        <>
          <h3>In common</h3>
          <ul className="common mono">
            {common.map(([param, value]) => (
              <li key={param}>
                {param} {formatLiteral(value)}
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="fixes">
        <Button size="small" onClick={() => all("trainable", frozen ? undefined : false)}>
          {frozen ? "Let them learn" : "Freeze"}
        </Button>
        <Button size="small" onClick={() => all("when", bypassed ? undefined : false)}>
          {bypassed ? "Stop bypassing" : "Bypass"}
        </Button>
        <Button size="small" onClick={() => void run("make-block")}>
          Make a block
        </Button>
        <Button
          size="small"
          variant="danger"
          onClick={() => editor.dispatch({ kind: "remove", graph: name, nodes: [...keys] })}
        >
          Delete
        </Button>
      </div>
      <ul className="members">
        {keys.slice(0, 50).map((key) => (
          <li key={key}>
            <button type="button" className="link" onClick={() => editor.show([key])}>
              {key}
            </button>{" "}
            <span className="quiet">
              {typeName(graph.nodes[key]!) ?? `calls ${calledNode(graph.nodes[key]!) ?? "nothing"}`}
            </span>
          </li>
        ))}
        {keys.length > 50 && <li className="quiet">and {keys.length - 50} more</li>}
      </ul>
    </>
  );
}
