/** The handles of one side of a node. Named only where there are several; those in the background show when wanted. */
import { Handle, Position } from "@xyflow/react";
import { portKey, useConnecting } from "./connecting";
import type { PortView } from "./scene";

interface PortsProps {
  node: string;
  ports: readonly PortView[];
  labelled: boolean;
}

export function Ports({ node, ports, labelled }: PortsProps) {
  const shown = ports.filter((port) => !port.extra);
  return (
    <>
      {labelled && (
        <div className="port-labels" aria-hidden="true">
          {shown.map((port) => (
            <span key={port.name} title={port.label === port.name ? undefined : port.name}>
              {port.label}
            </span>
          ))}
        </div>
      )}
      {ports.map((port) => (
        <Port key={port.name} node={node} port={port} />
      ))}
    </>
  );
}

function Port({ node, port }: { node: string; port: PortView }) {
  const verdict = useConnecting((state) =>
    state.start === null ? undefined : (state.verdicts.get(portKey(node, port.name)) ?? null),
  );
  const classes = [
    port.extra ? "extra" : "",
    port.many ? "many" : "",
    verdict === undefined ? "" : verdict === null ? "aside" : verdict.fits ? "fits" : "misfits",
  ];
  return (
    <Handle
      type={port.side === "in" ? "target" : "source"}
      position={port.side === "in" ? Position.Top : Position.Bottom}
      id={port.name}
      className={classes.join(" ")}
      style={{ left: `${port.place * 100}%` }}
      data-node={node}
      data-port={port.name}
      data-side={port.side}
      title={`${port.side === "in" ? "input" : "output"} ${port.label} of ${node}`}
    >
      {port.extra && <span className="port-tag">{port.label}</span>}
    </Handle>
  );
}
