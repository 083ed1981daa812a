/** Lays a graph out beside the page: 500 nodes take longer than a frame. */
import type { GraphDoc } from "@/document/document";
import { layout, type Size } from "@/document/layout";

export interface LayoutRequest {
  graph: GraphDoc;
  sizes: [string, Size][];
}

self.onmessage = (event: MessageEvent<LayoutRequest & { id: number }>) => {
  const { id, graph, sizes } = event.data;
  self.postMessage({ id, places: layout(graph, new Map(sizes)) });
};
