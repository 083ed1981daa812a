/** The shortcuts, read from the registry of actions, and what the mouse does. */
import { GROUPS } from "@/actions/action";
import { actions } from "@/actions/actions";
import { formatShortcut } from "@/actions/shortcut";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import "./help.css";

/** What is no action of the registry: it needs the pointer or the focus. */
const GESTURES: readonly (readonly [string, string])[] = [
  ["Double-click the canvas, Tab after a click", "Search for a layer to add"],
  ["Drop a wire on the canvas", "Add a layer that it fits"],
  ["Drop a layer on a wire, or + on the wire", "Insert it there"],
  ["Shift and drag", "Select what is in the box"],
  ["Shift and click", "Add to the selection"],
  ["Double-click a block", "Open it"],
  ["Double-click a name", "Rename"],
];

const KEYS: readonly (readonly [string, string])[] = [
  ["Tab", "Go from node to node"],
  ["Space", "Hold the node: the next ones join it"],
  ["W", "To its wires, and from wire to wire"],
  ["Up, Down", "On a wire: to the node at its end"],
  ["Enter", "Settings of the node"],
  ["C", "What the node can be wired to"],
  ["Arrow keys", "Move the selection; with Shift in larger steps"],
];

export default function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Shortcuts" width={760} onClose={onClose} testId="help-dialog" reading>
      <div className="help">
        <section>
          <h3>Mouse</h3>
          <dl>
            {GESTURES.map(([gesture, what]) => (
              <div key={gesture}>
                <dt>{what}</dt>
                <dd className="words">{gesture}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h3>A node in focus</h3>
          <dl>
            {KEYS.map(([key, what]) => (
              <div key={key}>
                <dt>{what}</dt>
                <dd>
                  <Kbd>{key}</Kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
        {GROUPS.map((group) => {
          const listed = actions.filter((one) => one.group === group && one.shortcuts.length > 0);
          if (listed.length === 0) return null;
          return (
            <section key={group}>
              <h3>{group}</h3>
              <dl>
                {listed.map((one) => (
                  <div key={one.id}>
                    <dt>{one.title}</dt>
                    <dd>
                      {one.shortcuts.map((shortcut) => (
                        <Kbd key={shortcut}>{formatShortcut(shortcut)}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
