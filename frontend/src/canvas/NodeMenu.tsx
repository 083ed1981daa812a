/** The context menu of the canvas: of a node, a wire, or the ground. Its entries are actions of the registry where there is one. */
import { editor } from "@/editor/session";
import { type MenuItem, type MenuItems, MenuList } from "@/ui/Menu";
import { menuItem } from "@/workspace/menuItem";
import type { Aim } from "@/workspace/workspace";
import { useNaming } from "./NameField";
import type { Point } from "./route";
import type { Scene, WireView } from "./scene";

export interface MenuAt {
  at: DOMRect;
  /** Null is the ground. */
  on: { node: string } | { wire: string } | null;
}

const NODE_ACTIONS = ["copy", "cut", "duplicate", "bypass", "make-block", "delete", "delete-heal"];
const SEVERAL_ACTIONS = ["align-centre", "align-middle", "spread-down", "spread-across"];
const CANVAS_ACTIONS = ["paste", "select-all", "layout", "fit"];

interface NodeMenuProps extends MenuAt {
  scene: Scene;
  onClose: () => void;
  onInsert: (aim: Aim, at: Point) => void;
  onDeleteWire: (wire: WireView) => void;
}

export function NodeMenu({ at, on, scene, onClose, onInsert, onDeleteWire }: NodeMenuProps) {
  const point = { x: at.x, y: at.y };
  let items: MenuItems;
  let label = "Canvas";
  if (on && "wire" in on) {
    const wire = scene.wires.find((one) => one.id === on.wire);
    if (!wire) return null;
    label = `Wire from ${wire.reference}`;
    items = [
      { label: "Insert a layer…", icon: "plus", onSelect: () => onInsert({ kind: "on", to: wire.to }, point) },
      { label: "Delete the wire", icon: "trash", shortcut: "Del", onSelect: () => onDeleteWire(wire) },
    ];
  } else if (on) {
    const view = scene.byKey.get(on.node);
    if (!view) return null;
    label = view.key;
    const own: (MenuItem | null)[] = [
      {
        label: "Add a layer after it…",
        icon: "plus",
        onSelect: () => onInsert({ kind: "after", node: view.key }, point),
      },
      { label: "Rename", shortcut: "F2", onSelect: () => useNaming.setState({ node: view.key }) },
    ];
    if (view.kind === "block") {
      own.push({
        label: `Open ${view.node.type}`,
        icon: "block",
        onSelect: () => editor.open(view.node.type!, view.key),
      });
      own.push(menuItem("unpack-block"));
    }
    const several = editor.state().selection.size > 1 ? [null, ...SEVERAL_ACTIONS.map((id) => menuItem(id))] : [];
    items = [...own, null, ...NODE_ACTIONS.map((id) => menuItem(id)), ...several];
  } else {
    const add = { label: "Add a layer…", icon: "plus" as const, onSelect: () => onInsert({ kind: "free" }, point) };
    items = [add, null, ...CANVAS_ACTIONS.map((id) => menuItem(id))];
  }
  return <MenuList label={label} items={items} anchor={at} onClose={onClose} />;
}
