/**
 * Parts of the page whose code comes after the first paint.
 *
 * Does: fetch all of them as soon as the page is idle, so that none is missing when the server goes away; where one is
 * wanted before it is there, say so in its place and ask again until it comes.
 * Does not: import while the server is away. A browser may keep a failed import for as long as the page is open.
 */
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { ApiError } from "@/api/errors";
import { client } from "@/editor/session";

/** How often, in ms, one that is wanted is asked for again. */
export const AGAIN = 1_500;
const COMING = "Loading…";
const AWAY = "The server is away; this opens when it is back.";
const FAILED = "The code of this part did not come. Reload the page: the network is kept.";

const parts: (() => Promise<unknown>)[] = [];

/** Throws Unreachable while the server is away. */
async function reached(): Promise<void> {
  try {
    await client.health();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // a refusal is an answer too
  }
}

/** Fetches every part, also those that parts bring along. One that fails is fetched when it is wanted. */
export async function fetchParts(): Promise<void> {
  for (const fetch of parts) await fetch().catch(() => {});
}

/** Does something once the page has been painted and has nothing else to do. */
export function whenIdle(perform: () => void): void {
  // Safari has no requestIdleCallback
  if ("requestIdleCallback" in globalThis) requestIdleCallback(perform, { timeout: 2_000 });
  else setTimeout(perform, 200);
}

/** A component that is fetched. `wait` draws what stands in its place meanwhile, with the words for why. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  wait: (words: string, props: P) => ReactNode,
): ComponentType<P> {
  let Part: ComponentType<P> | null = null;
  let coming: Promise<void> | null = null;
  const fetch = (): Promise<void> => {
    coming ??= reached()
      .then(load)
      .then((found) => {
        Part = found;
      })
      .finally(() => {
        coming = null;
      });
    return Part ? Promise.resolve() : coming;
  };
  parts.push(fetch);

  return function Later(props: P) {
    const [words, setWords] = useState(COMING);
    const [arrived, setArrived] = useState(Part !== null);
    useEffect(() => {
      if (arrived) return;
      let left = false;
      let timer: ReturnType<typeof setTimeout>;
      const ask = async () => {
        try {
          await fetch();
          if (!left) setArrived(true);
        } catch {
          const said = await reached().then(
            () => FAILED,
            () => AWAY,
          );
          if (left) return;
          setWords(said);
          timer = setTimeout(() => void ask(), AGAIN);
        }
      };
      void ask();
      return () => {
        left = true;
        clearTimeout(timer);
      };
    }, [arrived]);
    return Part ? <Part {...props} /> : wait(words, props);
  };
}
