/** A tensor, or of a large one the part that is paged to. */
import { useMemo, useState } from "react";
import { type Part, type Parts, partsOf } from "../tensor/parts";
import { type Fetched, useTensor } from "./useTensor";

export interface PartState extends Fetched {
  parts: Parts;
  number: number;
  part: Part;
  setNumber(number: number): void;
}

/** `name` from the top; null fetches nothing. */
export function usePart(name: string | null, shape: readonly number[]): PartState {
  const sizes = shape.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: an equal shape has equal parts
  const parts = useMemo(() => partsOf(shape), [sizes]);
  const [wanted, setNumber] = useState(0);
  const number = Math.min(wanted, parts.count - 1);
  const part = useMemo(() => parts.part(number), [parts, number]);
  const fetched = useTensor(name === null || part.index === null ? name : `${name}[${part.index}]`);
  return { ...fetched, parts, number, part, setNumber };
}
