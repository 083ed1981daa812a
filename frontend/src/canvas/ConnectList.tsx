/** What a node can be wired to, as a list: wires by keyboard. */
import { create } from "zustand";
import { graphOf } from "@/document/document";
import { fits } from "@/document/fits";
import { portsOf } from "@/editor/catalogue";
import { catalogue, editor } from "@/editor/session";
import { type MenuItem, MenuList } from "@/ui/Menu";
import type { Scene } from "./scene";
import { connect } from "./useConnections";

export const useConnectList = create<{ node: string | null; anchor: DOMRect | null }>(() => ({
  node: null,
  anchor: null,
}));

const close = () => useConnectList.setState({ node: null, anchor: null });

export function ConnectList({ scene }: { scene: Scene }) {
  const { node, anchor } = useConnectList();
  const view = node === null ? undefined : scene.byKey.get(node);
  if (!view || !anchor) return null;
  const items = candidates(view.key, scene);
  if (items.length === 0) {
    items.push({
      label: "Nothing fits",
      hint: "Every other port would close a circle.",
      disabled: true,
      onSelect: close,
    });
  }
  return <MenuList label={`Wire ${view.key} to`} items={items} anchor={anchor} onClose={close} />;
}

/** Free ports first, then those that have a wire already. */
function candidates(from: string, scene: Scene): MenuItem[] {
  const { document, graph: name } = editor.state();
  const graph = graphOf(document, name)!;
  const types = catalogue.store.getState();
  const ports = (key: string) => portsOf(types, document, name, key);
  const outputs = scene.byKey.get(from)!.outputs;
  const free: MenuItem[] = [];
  const taken: MenuItem[] = [];
  for (const view of scene.nodes) {
    for (const port of view.inputs) {
      for (const output of outputs) {
        const start = { node: from, port: output.name };
        const end = { node: view.key, port: port.name };
        const verdict = fits(graph, start, end, ports);
        if (!verdict.fits) continue;
        const source = outputs.length > 1 ? `${output.name} to ` : "";
        const item: MenuItem = {
          label: `${source}${view.key}, ${port.label}`,
          hint: verdict.replaces === null ? undefined : `in place of ${verdict.replaces}`,
          onSelect: () => connect(start, end),
        };
        (verdict.replaces === null ? free : taken).push(item);
      }
    }
  }
  return [...free, ...taken];
}
