/** What a layer costs, as the sum that a person would write down. */
import type { NodeAnswer } from "@/api/answer";

const product = (sizes: readonly number[]): string => (sizes.length === 0 ? "1" : sizes.join("*"));
const count = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

/** "(1*5*5 + 1)*6" for a weight with its bias, a sum of products for few other tensors; null where it would explain nothing. */
export function parameterFormula(answer: NodeAnswer, type: string | undefined): string | null {
  const own = Object.entries(answer.parameters).filter(([, weight]) => weight.tied === undefined);
  if (own.length === 0 || own.length > 4 || answer.parameter_count === null) return null;
  const [first, second] = own.map(([, weight]) => weight.shape);
  const summed = own.reduce((all, [, weight]) => all + weight.count, 0);
  if (summed !== answer.parameter_count) return null;
  const paired =
    own.length === 2 &&
    own[0]![0] === "weight" &&
    own[1]![0] === "bias" &&
    first!.length > 1 &&
    second!.length === 1 &&
    second![0] === first![0] &&
    !type?.startsWith("ConvTranspose");
  if (paired) return `(${product(first!.slice(1))} + 1)*${first![0]}`;
  return own.map(([, weight]) => product(weight.shape)).join(" + ");
}

/** "6*28*28*25": the values that come out, times the products behind each. Null unless it is what was counted. */
export function macsFormula(answer: NodeAnswer, type: string | undefined): string | null {
  const weight = answer.parameters.weight;
  const output = Object.values(answer.outputs)[0]?.shape;
  if (!weight || !output || answer.macs === null || type === undefined) return null;
  if (!/^(Conv\dd|Linear)$/.test(type)) return null;
  const each = count(weight.shape.slice(1));
  if (count(output) * each !== answer.macs) return null;
  const sizes = output[0] === 1 && output.length > 1 ? output.slice(1) : output;
  return `${product(sizes)}*${each}`;
}

/** A part of a whole in words: "18 %", "under 0.1 %". */
export function share(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return "under 0.1 %";
  return `${percent >= 10 ? Math.round(percent) : Math.round(percent * 10) / 10} %`;
}
