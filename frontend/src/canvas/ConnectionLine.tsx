/** The wire that is being drawn, with what would become of it where it is. */
import { type ConnectionLineComponentProps, getBezierPath, Position } from "@xyflow/react";
import { portKey, useConnecting } from "./connecting";
import type { FlowNode } from "./flow";

export function ConnectionLine(props: ConnectionLineComponentProps<FlowNode>) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, toHandle } = props;
  const verdicts = useConnecting((state) => state.verdicts);
  const verdict = toHandle ? verdicts.get(portKey(toHandle.nodeId, toHandle.id ?? "")) : undefined;
  const opposite = fromPosition === Position.Bottom ? Position.Top : Position.Bottom;
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toHandle ? toPosition : opposite,
  });
  const state = verdict === undefined ? "" : verdict.fits ? "fits" : "misfits";
  return (
    <g>
      <path d={path} className={`connection ${state}`} />
      <circle cx={toX} cy={toY} r={4} className={`connection ${state}`} />
      {verdict && (
        <foreignObject x={toX + 16} y={toY + 8} width={300} height={90}>
          <div className={`connection-words ${state}`} data-testid="connection-words">
            {verdict.fits ? (
              <>
                <b>✓</b> {toHandle!.id} of {toHandle!.nodeId}
                {verdict.replaces !== null && `, in place of ${verdict.replaces}`}
              </>
            ) : (
              <>
                <b>✕</b> {verdict.reason}
              </>
            )}
          </div>
        </foreignObject>
      )}
    </g>
  );
}
