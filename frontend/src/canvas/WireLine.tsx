/** A wire with the shape of the tensor it carries. */
import type { EdgeProps } from "@xyflow/react";
import { memo, useContext } from "react";
import { createPortal } from "react-dom";
import type { NodeAnswer } from "@/api/answer";
import { parseReference } from "@/document/references";
import { useNodeAnswer, useProblemsOf } from "@/editor/hooks";
import { editor } from "@/editor/session";
import { Icon } from "@/ui/Icon";
import type { FlowEdge } from "./flow";
import { useHover } from "./hover";
import { LabelLayer } from "./labels";
import { insertOn } from "./requests";
import type { WireView } from "./scene";
import "./wire.css";

export const WireLine = memo(function WireLine({ id, data, selected }: EdgeProps<FlowEdge>) {
  const { wire, route } = data!;
  const layer = useContext(LabelLayer);
  const source = useNodeAnswer(wire.from.node);
  const problems = useProblemsOf(wire.to.node);
  const hovered = useHover((state) => state.wire === id);
  const target = useHover((state) => state.dropOn === id);
  const tensor = tensorOn(wire, source);
  const faulty = problems.some((problem) => problem.severity === "error" && problem.port === wire.to.port);
  const waiting = source === undefined || source.state === "blocked" || source.state === "error";
  const classes = [
    "wire",
    wire.kind,
    selected ? "selected" : "",
    faulty ? "faulty" : "",
    waiting ? "waiting" : "",
    hovered ? "hovered" : "",
    target ? "target" : "",
  ].join(" ");
  const at = `translate(-50%, -50%) translate(${route.label.x}px, ${route.label.y}px)`;
  const open = hovered || selected || target;
  const label = layer && (tensor || open) && wire.kind === "wire" && (
    // biome-ignore lint/a11y/noStaticElementInteractions: a part of the wire; by keyboard the wire itself has the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same
    <div
      className={`shape ${classes} nopan nodrag`}
      style={{ transform: at }}
      data-testid="wire-shape"
      data-from={wire.reference}
      data-to={`${wire.to.node}.${wire.to.port}`}
      data-wire={id}
      onClick={() => {
        editor.select([]);
        useHover.setState({ selected: new Set([id]) });
      }}
      onPointerEnter={() => useHover.setState({ wire: id })}
      onPointerLeave={() => useHover.setState({ wire: null })}
    >
      {tensor?.shape && <span>{tensor.shape.length === 0 ? "scalar" : tensor.shape.join(", ")}</span>}
      {tensor?.dtype && tensor.dtype !== "float32" && <em>{tensor.dtype}</em>}
      {open && (
        <button type="button" aria-label={`Insert a layer on this wire`} onClick={(event) => insertOn(wire, event)}>
          <Icon name="plus" size={12} />
        </button>
      )}
    </div>
  );
  return (
    <>
      <path d={route.path} className={classes} />
      <path d={route.path} className="react-flow__edge-interaction" strokeWidth={22} fill="none" strokeOpacity={0} />
      {label && createPortal(label, layer)}
    </>
  );
});

export function tensorOn(wire: WireView, source: NodeAnswer | undefined) {
  if (!source) return undefined;
  const { outputs } = source;
  if (parseReference(wire.reference)?.port === null) return Object.values(outputs)[0];
  return Object.hasOwn(outputs, wire.from.port) ? outputs[wire.from.port] : undefined;
}
