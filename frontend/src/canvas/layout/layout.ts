/** Asks the layout worker for places. One whose script did not come is started again at the next request. */
import type { LayoutRequest } from "./worker";

export type FoundPlaces = Record<string, [number, number]>;

let worker: Worker | null = null;
let newest = 0;

/** Starts the worker, so that it is there when the server is not. */
export function startLayout(): Worker {
  if (worker) return worker;
  const made = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  made.addEventListener("error", () => {
    if (worker === made) worker = null;
  });
  worker = made;
  return made;
}

/** Null when a newer request was made meanwhile. */
export function layOut(request: LayoutRequest): Promise<FoundPlaces | null> {
  const id = ++newest;
  const mine = startLayout();
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
