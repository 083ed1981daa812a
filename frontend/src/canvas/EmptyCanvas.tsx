/** What to do first, for somebody who sees this page for the first time. */
import { useEffect, useState } from "react";
import { attempt } from "@/actions/actions";
import type { RecentDocument } from "@/editor/interface";
import { client, editor, saving } from "@/editor/session";
import { Button } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import { notify, openDialog, useWorkspace } from "@/workspace/workspace";

async function openLeNet(): Promise<void> {
  try {
    editor.load(await client.example("lenet"));
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error));
  }
}

/** How many networks of this browser are offered at once; the others are in the list. */
const RECENT = 3;

export function EmptyCanvas() {
  const recent = useRecent();
  const touch = matchMedia("(pointer: coarse)").matches;
  const add = () => useWorkspace.getState().canvas?.add("Input", { kind: "free" });
  return (
    <section className="canvas-empty" data-testid="empty" aria-label="An empty network">
      <h2>Draw a network. PyTorch runs it while you draw.</h2>
      <ol>
        {touch ? (
          <li>
            <b>Add a layer</b>: open the layers at the top left and tap one. Begin with an <code>Input</code>.
          </li>
        ) : (
          <li>
            <b>Drag a layer</b> from the left onto this canvas, or double-click anywhere. Begin with an{" "}
            <code>Input</code>.
          </li>
        )}
        <li>
          <b>Pull a wire</b> from the dot below one layer to the dot above the next. Each wire shows the shape it
          carries.
        </li>
        <li>
          <b>{touch ? "Tap" : "Select"} a layer</b> to set it up and to see what comes out of it.
        </li>
      </ol>
      <div className="canvas-empty-actions">
        <Button variant="primary" onClick={() => void openLeNet()} data-testid="open-lenet">
          Open LeNet, an example
        </Button>
        <Button onClick={add} data-testid="add-input">
          Add an Input
        </Button>
        <Button variant="quiet" onClick={() => openDialog("examples")}>
          All examples
        </Button>
      </div>
      {recent.length > 0 && (
        <p className="canvas-empty-recent" data-testid="recent">
          Go on with{" "}
          {recent.slice(0, RECENT).map((one) => (
            <Button key={one.key} size="small" onClick={() => void attempt(() => saving.openRecent(one.key))}>
              {one.title}
            </Button>
          ))}
          {recent.length > RECENT && (
            <Button size="small" variant="quiet" onClick={() => openDialog("recents")}>
              {recent.length - RECENT} more
            </Button>
          )}
        </p>
      )}
      {touch ? (
        <p>The code of the network, and everything that opens or saves it, is in the File menu.</p>
      ) : (
        <p>
          <Kbd>?</Kbd> lists the shortcuts. A network saved as a file opens when you drop it here.
        </p>
      )}
    </section>
  );
}

/** What this browser keeps, newest first: whoever comes back finds their work where they look first. */
function useRecent(): readonly RecentDocument[] {
  const [found, setFound] = useState<readonly RecentDocument[]>([]);
  useEffect(() => {
    // A browser that keeps nothing says so beside the name.
    saving.recents().then(setFound, () => {});
  }, []);
  return found;
}
