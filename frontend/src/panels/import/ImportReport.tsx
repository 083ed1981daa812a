/** Source code as a network: the text, what came of it, what is still to be said, and the way onto the canvas. */
import { useStore } from "zustand";
import { attempt } from "@/actions/actions";
import { takeFile } from "@/actions/file";
import { pickFile } from "@/editor/files";
import { editor, importing } from "@/editor/session";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Found } from "./Found";
import { Questions } from "./Questions";
import "./import.css";

export default function ImportReport() {
  const { phase, source, report, failure, fields, chosen } = useStore(importing.store);
  const reading = phase === "reading";
  return (
    <Dialog title="Import PyTorch code" width={720} onClose={importing.close} testId="import">
      {phase === "writing" ? (
        <Writing content={source.content} />
      ) : (
        <form
          className="import"
          aria-busy={reading}
          onSubmit={(event) => {
            event.preventDefault();
            void importing.again();
          }}
        >
          {failure !== null && <p className="import-failure">{failure}</p>}
          {report !== null && <Found report={report} />}
          {fields.length > 0 && <Questions fields={fields} />}
          <div className="import-foot">
            <p role="status">{reading && "The source is being read…"}</p>
            <Button disabled={reading} onClick={importing.begin}>
              Edit the source
            </Button>
            {(fields.length > 0 || failure !== null) && (
              <Button
                type="submit"
                variant={report?.networks.length ? "plain" : "primary"}
                disabled={reading}
                data-testid="import-again"
              >
                Read again
              </Button>
            )}
            {report?.networks[chosen] !== undefined && (
              <Button variant="primary" disabled={reading} onClick={importing.open} data-testid="import-open">
                Open
              </Button>
            )}
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Writing({ content }: { content: string }) {
  const { source } = importing.store.getState();
  const choose = async () => {
    const file = await pickFile(".py,.ipynb,.json");
    if (file === null) return;
    // A document opens by itself; the notice of one that is none would lie below this dialog.
    importing.close();
    await takeFile({ editor, importing }, file);
  };
  return (
    <form
      className="import"
      onSubmit={(event) => {
        event.preventDefault();
        void importing.read({ ...source, content });
      }}
    >
      <label htmlFor="import-source">
        A class that derives from <code>nn.Module</code>, or an <code>nn.Sequential</code>. It is read, never run.
      </label>
      <textarea
        id="import-source"
        className="input mono"
        spellCheck={false}
        autoComplete="off"
        rows={16}
        value={content}
        data-testid="import-source"
        onChange={(event) => importing.write(event.target.value)}
      />
      <div className="import-foot">
        <p />
        <Button onClick={() => void attempt(choose)}>Choose a file</Button>
        <Button type="submit" variant="primary" disabled={content.trim() === ""} data-testid="import-read">
          Read
        </Button>
      </div>
    </form>
  );
}
