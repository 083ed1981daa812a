import { useStore } from "@xyflow/react";
import { run } from "@/actions/actions";
import { IconButton } from "@/ui/Button";
import { shortcutOf } from "@/workspace/menuItem";
import { togglePanel, useWorkspace } from "@/workspace/workspace";

export function ZoomControls() {
  const percent = useStore(({ transform: [, , zoom] }) => (zoom * 100).toFixed(zoom < 0.01 ? 1 : 0));
  const minimap = useWorkspace((state) => state.minimap);
  return (
    <div className="zoom" role="toolbar" aria-label="View">
      <IconButton
        label="Zoom out"
        icon="minus"
        shortcut={shortcutOf("zoom-out")}
        onClick={() => void run("zoom-out")}
      />
      <button
        type="button"
        className="zoom-percent"
        aria-label={`Zoom ${percent} %, back to 100 %`}
        onClick={() => void run("zoom-reset")}
      >
        {percent} %
      </button>
      <IconButton label="Zoom in" icon="plus" shortcut={shortcutOf("zoom-in")} onClick={() => void run("zoom-in")} />
      <i aria-hidden="true" />
      <IconButton label="Show everything" icon="fit" shortcut={shortcutOf("fit")} onClick={() => void run("fit")} />
      <IconButton
        label="Tidy up the layout"
        icon="layout"
        shortcut={shortcutOf("layout")}
        data-testid="layout"
        onClick={() => void run("layout")}
      />
      <IconButton label="Map" icon="map" pressed={minimap} onClick={() => togglePanel("minimap")} />
    </div>
  );
}
