/** What an import brought: the networks, and what the server says of the source, each with its line. */
import { useStore } from "zustand";
import type { Imported, SourceProblem } from "@/api/files";
import { blocksOf, type NetworkDoc } from "@/document/document";
import { importing } from "@/editor/session";
import { CodeText } from "@/ui/CodeText";
import { Icon } from "@/ui/Icon";

export function Found({ report }: { report: Imported }) {
  const chosen = useStore(importing.store, (state) => state.chosen);
  const totals = useStore(importing.store, (state) => state.totals);
  const { networks, more_problems: more } = report;
  const problems = report.problems.filter((problem) => !isAsked(problem, report));
  const parameters = totals === null ? "" : `, ${totals.parameters.toLocaleString("en")} parameters`;
  return (
    <>
      {networks.length === 0 && report.questions.length === 0 && (
        <p className="import-failure">No network could be made of this. What is on the canvas stays as it is.</p>
      )}
      {networks.length === 1 && (
        <p className="import-network" data-testid="import-network">
          <b>{networks[0]!.name}</b> {sizeOf(networks[0]!)}
          {parameters}
        </p>
      )}
      {networks.length > 1 && (
        <fieldset className="import-networks">
          <legend>The source has {networks.length} networks. Which one is to be opened?</legend>
          {networks.map((network, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two may have one name, and their order stays
            <label key={index} data-testid="import-network">
              <input type="radio" name="network" checked={index === chosen} onChange={() => importing.choose(index)} />
              <b>{network.name}</b> {sizeOf(network)}
              {index === chosen && parameters}
            </label>
          ))}
        </fieldset>
      )}
      {problems.length > 0 && (
        <ul className="import-problems">
          {problems.map((problem) => (
            <li
              key={`${problem.code} ${problem.file} ${problem.line} ${problem.message}`}
              className={problem.severity}
              data-testid="import-problem"
            >
              <Icon name="warning" size={14} />
              <div>
                <span className="hidden">{problem.severity}: </span>
                <CodeText>{problem.message}</CodeText>
                {problem.line !== null && (
                  <p className="import-line">
                    <span>Line {problem.line}</span>
                    {problem.source !== null && <code>{problem.source.trim()}</code>}
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && <p className="import-more">And {more} more.</p>}
    </>
  );
}

/** The form asks for it: it is not said twice. */
function isAsked(problem: SourceProblem, { questions }: Imported): boolean {
  if (problem.code === "import-argument") return questions.some(({ kind }) => kind === "argument");
  return (
    problem.code === "import-shape" &&
    questions.some(({ kind, name }) => kind === "input" && problem.param === `inputs.${name}`)
  );
}

function sizeOf(network: NetworkDoc): string {
  const nodes = Object.keys(network.nodes).length;
  const blocks = Object.keys(blocksOf(network)).length;
  const inside = blocks === 0 ? "" : `, ${blocks} ${blocks === 1 ? "block" : "blocks"}`;
  return `${nodes} ${nodes === 1 ? "node" : "nodes"}${inside}`;
}
