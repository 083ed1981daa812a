/** Asks the layout worker for places. It is started when first needed. */
import type { LayoutRequest } from "./worker";

export type FoundPlaces = Record<string, [number, number]>;

let worker: Worker | null = null;
let newest = 0;

/** Null when a newer request was made meanwhile. */
export function layOut(request: LayoutRequest): Promise<FoundPlaces | null> {
  worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const id = ++newest;
  const mine = worker;
  return new Promise((resolve, reject) => {
    const done = (event: MessageEvent<{ id: number; places: FoundPlaces }>) => {
      if (event.data.id !== id) return;
      mine.removeEventListener("message", done);
      resolve(id === newest ? event.data.places : null);
    };
    mine.addEventListener("message", done);
    mine.addEventListener("error", (event) => reject(new Error(event.message)), { once: true });
    mine.postMessage({ ...request, id });
  });
}
