/** A tensor of the newest answer, in full; the older one stays in sight until the newer has come. */
import { useEffect, useState } from "react";
import { useResults } from "@/editor/hooks";
import { results } from "@/editor/session";
import type { Tensor } from "../tensor/tensor";

export interface Fetched {
  tensor: Tensor | null;
  /** What is shown is older than the document. */
  stale: boolean;
  /** Why it cannot be had, in words. */
  error: string | null;
}

/** `name` from the top ("stage1.0.conv1.weight"); null fetches nothing. */
export function useTensor(name: string | null): Fetched {
  const revision = useResults((state) => state.revision);
  const behind = useResults((state) => state.stale);
  const [found, setFound] = useState<{ name: string; revision: number; tensor: Tensor } | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (name === null) return;
    let current = true;
    results.fetchTensor(name).then(
      (tensor) => {
        if (!current) return;
        setFound({ name, revision, tensor });
        setError(null);
      },
      (reason: unknown) => current && setError(reason instanceof Error ? reason.message : String(reason)),
    );
    return () => {
      current = false;
    };
  }, [name, revision]);
  const tensor = found !== null && found.name === name ? found.tensor : null;
  return { tensor, stale: behind || found?.revision !== revision, error };
}
