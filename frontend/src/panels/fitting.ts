/**
 * What fits first: a guess for the order of a list, from the rank and dtype of the tensor at hand and the type's name.
 * It decides nothing: torch says what runs.
 */
import type { LayerType, TensorAnswer } from "@/api/answer";
import { graphOf } from "@/document/document";
import { pathOf } from "@/document/paths";
import { parseReference } from "@/document/references";
import type { Match } from "@/editor/search";
import { editor, results } from "@/editor/session";
import type { Aim } from "@/workspace/workspace";
import { COMMON } from "./common";

export function ranked(found: Match[], aim: Aim, query: string): Match[] {
  const tensor = tensorAt(aim);
  const score = (match: Match) => {
    const common = COMMON.indexOf(match.type);
    const liked = common < 0 ? 0 : query === "" ? 60 - common : 4;
    return match.score + liked + fitting(match.layer, aim, tensor);
  };
  return found
    .map((match) => ({ match, score: score(match) }))
    .filter(({ match }) => !(aim.kind !== "free" && aim.kind !== "into" && match.type === "Input"))
    .filter(({ match }) => !(aim.kind === "into" && match.type === "Output"))
    .sort((a, b) => b.score - a.score)
    .map(({ match }) => match);
}

/** The tensor that a new node would read, as the newest answer knows it. */
function tensorAt(aim: Aim): TensorAnswer | undefined {
  const { document, graph, use } = editor.state();
  let reference: string | undefined;
  if (aim.kind === "after") reference = aim.node;
  if (aim.kind === "from") reference = aim.reference;
  if (aim.kind === "on") {
    const wires = graphOf(document, graph)?.nodes[aim.to.node]?.inputs?.[aim.to.port];
    reference = Array.isArray(wires) ? wires[aim.to.index ?? 0] : wires;
  }
  const parsed = reference === undefined ? null : parseReference(reference);
  const path = parsed ? pathOf(document, graph, use, parsed.node) : null;
  const outputs = path === null ? undefined : results.store.getState().nodes.get(path)?.outputs;
  if (!outputs) return undefined;
  return parsed!.port === null ? Object.values(outputs)[0] : outputs[parsed!.port];
}

function fitting(layer: LayerType | null, aim: Aim, tensor: TensorAnswer | undefined): number {
  if (!layer) return 0;
  if (aim.kind === "free") return 0;
  if (aim.kind !== "into" && layer.inputs.length === 0) return -50;
  if (!tensor?.shape) return 0;
  const whole = /^u?int|^bool/.test(tensor.dtype ?? "");
  const looksUp = /^Embedding/.test(layer.type);
  if (whole !== looksUp && (whole || looksUp)) return layer.form === "module" ? -20 : -6;
  const dims = /(\d)d$/.exec(layer.type)?.[1];
  const rank = tensor.shape.length;
  if (dims !== undefined && !/Dropout|BatchNorm1d/.test(layer.type)) return Number(dims) + 2 === rank ? 14 : -24;
  if (/^(LSTM|GRU|RNN|Transformer|MultiheadAttention)/.test(layer.type)) return rank === 3 ? 10 : -14;
  return 0;
}
