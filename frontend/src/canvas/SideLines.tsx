/** What is no tensor on a wire: who calls whom, whose size is read, and wires whose source is not there. */
import { ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import type { PlaceMap } from "./room";
import { endPoint, sideLine } from "./routes";
import type { Scene } from "./scene";

export const SideLines = memo(function SideLines({ scene, places }: { scene: Scene; places: PlaceMap }) {
  const lines = scene.wires.filter((wire) => wire.kind === "call" || wire.kind === "size" || wire.broken);
  if (lines.length === 0) return null;
  return (
    <ViewportPortal>
      <svg className="lines" aria-hidden="true">
        {lines.map((wire) => {
          const reader = scene.byKey.get(wire.to.node)!;
          const to = places.get(reader.key);
          if (!to) return null;
          if (wire.broken) {
            const { x, y } = endPoint(reader, "in", wire.to.port, to);
            return (
              <g key={wire.id}>
                <path className="broken" d={`M${x} ${y}V${y - 26}M${x - 4} ${y - 30}l8 8m0 -8l-8 8`} />
                <text x={x} y={y - 38}>
                  {wire.reference}
                </text>
              </g>
            );
          }
          const line = sideLine(wire, scene, places);
          return line && <path key={wire.id} className={wire.kind} d={line.path} />;
        })}
      </svg>
    </ViewportPortal>
  );
});
