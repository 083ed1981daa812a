/** React Flow's own types, filled with ours. */
import type { Edge, Node } from "@xyflow/react";
import type { Route } from "./route";
import type { NodeView, WireView } from "./scene";

export type FlowNode = Node<{ view: NodeView }, "card">;
export type FlowEdge = Edge<{ wire: WireView; route: Route }, "wire">;
