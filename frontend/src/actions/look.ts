/** Actions on what is seen. The canvas and the panels carry them out. */
import type { Action, Context } from "./action";
import type { View } from "./view";

/** The parts of the view that take nothing. */
type Plain = { [K in keyof View]: View[K] extends () => void ? K : never }[keyof View];

function asking(part: Plain, action: Pick<Action, "id" | "title" | "group" | "shortcuts">): Action {
  return {
    ...action,
    enabled: ({ view }: Context) => view()[part] !== undefined,
    perform: ({ view }: Context) => {
      view()[part]?.();
    },
  };
}

export const lookActions: Action[] = [
  asking("quickAdd", { id: "quick-add", title: "Add a layer", group: "Add", shortcuts: ["Shift+A"] }),
  asking("search", { id: "search", title: "Search the palette", group: "Add", shortcuts: ["/"] }),
  {
    ...asking("commands", { id: "commands", title: "Find a command or a node", group: "View", shortcuts: ["Mod+K"] }),
    inText: true,
  },
  asking("fit", { id: "fit", title: "Show everything", group: "View", shortcuts: ["F", "Shift+1"] }),
  {
    id: "zoom-selection",
    title: "Show the selection",
    group: "View",
    shortcuts: ["Z", "Shift+2"],
    enabled: ({ editor, view }) => editor.state().selection.size > 0 && view().zoomTo !== undefined,
    perform: ({ editor, view }) => view().zoomTo?.([...editor.state().selection]),
  },
  asking("zoomIn", { id: "zoom-in", title: "Zoom in", group: "View", shortcuts: ["+", "="] }),
  asking("zoomOut", { id: "zoom-out", title: "Zoom out", group: "View", shortcuts: ["-"] }),
  asking("zoomReset", { id: "zoom-reset", title: "Zoom to 100 %", group: "View", shortcuts: ["0"] }),
  asking("layout", { id: "layout", title: "Tidy up the layout", group: "View", shortcuts: ["L"] }),
  asking("code", { id: "code", title: "Show the code", group: "View", shortcuts: ["Alt+C"] }),
  asking("theme", { id: "theme", title: "Switch between light and dark", group: "View", shortcuts: [] }),
  asking("help", { id: "help", title: "Shortcuts", group: "Help", shortcuts: ["?"] }),
];
