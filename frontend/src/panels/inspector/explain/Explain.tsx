/** How one value comes about: of the value that was pointed at last. */
import { calledNode, type GraphDoc, inputsOf, type NodeDoc, nodeOf } from "@/document/document";
import { pathOf } from "@/document/paths";
import { parseReference } from "@/document/references";
import { useEditor, useNodePath, useResults } from "@/editor/hooks";
import { useTensor } from "../output/useTensor";
import { elements, type Tensor } from "../tensor/tensor";
import { explain, type Given, sourcesOf } from "./explain";

/** Tensors beyond this are not fetched whole to explain one value. */
const MOST = 1_000_000;

export interface Pointed {
  index: readonly number[];
  value: number;
}

interface ExplainProps {
  nodeKey: string;
  node: NodeDoc;
  graph: GraphDoc;
  shape: readonly number[];
  pointed: Pointed | null;
}

export function Explain({ nodeKey, node, graph, shape, pointed }: ExplainProps) {
  const owner = calledNode(node) ?? nodeKey;
  const layer = calledNode(node) === undefined ? node : nodeOf(graph, owner);
  const sources = layer ? sourcesOf(layer) : null;
  const training = useEditor((state) => state.document.training) === true;
  const input = useNamed(useReference(node, sources?.inputs[0]), pointed !== null);
  const other = useNamed(useReference(node, sources?.inputs[1]), pointed !== null);
  const weight = useNamed(useWeight(owner, sources?.weights[0]), pointed !== null);
  const bias = useNamed(useWeight(owner, sources?.weights[1]), pointed !== null);
  const mean = useNamed(useWeight(owner, sources?.weights[2]), pointed !== null);
  const variance = useNamed(useWeight(owner, sources?.weights[3]), pointed !== null);
  if (!layer || !sources || input === "none" || [input, other, weight, bias].includes("large")) return null;
  const waiting = [input, other, weight, bias, mean, variance].includes("waiting");
  const known = (one: Found): Tensor | undefined => (typeof one === "string" ? undefined : one);
  const given: Given | null =
    pointed === null || waiting
      ? null
      : {
          input: known(input)!,
          other: known(other),
          weight: known(weight),
          bias: known(bias),
          running_mean: known(mean),
          running_var: known(variance),
        };
  const made = given && pointed ? explain(layer, training, given, pointed.index, shape) : null;
  if (given && !made) return null;
  return (
    <section aria-label="How one value comes about" data-testid="explain">
      <h3>
        <span>How one value comes about</span>
        {pointed && <span className="mono sizes">[{pointed.index.join(", ")}]</span>}
      </h3>
      {!pointed && <p className="quiet">Point at a value above: here stands what it is made of.</p>}
      {pointed && !made && <p className="quiet">Fetching what it is made of…</p>}
      {pointed && made && (
        <div className="explain mono">
          <p>{made.words}</p>
          <p>
            = {made.terms} = <b>{Number(made.value.toPrecision(6))}</b>
          </p>
          <Check made={made.value} torch={pointed.value} />
        </div>
      )}
    </section>
  );
}

/** torch computes in the tensor's dtype and in an order of its own: the last digits differ. */
function Check({ made, torch }: { made: number; torch: number }) {
  const difference = Math.abs(made - torch);
  const close = Object.is(made, torch) || difference <= 1e-3 * Math.max(1, Math.abs(torch));
  return (
    <p className={close ? "agrees" : "differs"} data-testid="explain-check">
      {close
        ? `torch's value differs by ${difference === 0 ? "0" : difference.toExponential(0)}`
        : `torch's value is ${torch}: it is not made this way alone`}
    </p>
  );
}

type Found = Tensor | "none" | "waiting" | "large";

interface Named {
  name: string;
  shape: readonly number[];
}

/** The tensor that a port of the node reads; null where it reads none that is known. */
function useReference(node: NodeDoc, port: string | undefined): Named | null {
  const place = useEditor(({ document, graph, use }) => {
    const wires = port === undefined ? undefined : inputsOf(node)[port];
    const parsed = parseReference(Array.isArray(wires) ? wires[0] : wires);
    const path = parsed ? pathOf(document, graph, use, parsed.node) : null;
    return path === null ? null : JSON.stringify([path, parsed!.port]);
  });
  const [path, output] = place === null ? [null, null] : (JSON.parse(place) as [string, string | null]);
  const outputs = useResults((state) => (path === null ? undefined : state.nodes.get(path)?.outputs));
  const name = output ?? Object.keys(outputs ?? {})[0];
  const shape = name === undefined ? null : (outputs?.[name]?.shape ?? null);
  return path === null || shape === null ? null : { name: `${path}.${name}`, shape };
}

/** A parameter or buffer of the node. */
function useWeight(owner: string, name: string | undefined): Named | null {
  const path = useNodePath(owner);
  const answer = useResults((state) => (path === null ? undefined : state.nodes.get(path)));
  const found = name === undefined ? undefined : (answer?.parameters[name] ?? answer?.buffers[name]);
  return found ? { name: `${path}.${name}`, shape: found.shape } : null;
}

function useNamed(named: Named | null, wanted: boolean): Found {
  const large = named !== null && elements(named.shape) > MOST;
  const { tensor, error } = useTensor(named === null || large || !wanted ? null : named.name);
  if (named === null || error !== null) return "none";
  if (large) return "large";
  return tensor ?? "waiting";
}
