/** The examples: cards by family, found by words, opened as a new document. */
import { useEffect, useMemo, useState } from "react";
import type { ExampleEntry } from "@/api/answer";
import type { NetworkDoc } from "@/document/document";
import { client, editor } from "@/editor/session";
import { Button } from "@/ui/Button";
import { CodeText } from "@/ui/CodeText";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";
import { found, typesOf } from "./found";
import { Picture } from "./Picture";
import "./gallery.css";

export default function Gallery({ onClose }: { onClose(): void }) {
  const [examples, setExamples] = useState<readonly ExampleEntry[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    const controller = new AbortController();
    client.examples(controller.signal).then(
      (list) => {
        setExamples(list);
        setError(null);
      },
      (reason: unknown) => {
        if (!controller.signal.aborted) setError(reason instanceof Error ? reason.message : String(reason));
      },
    );
    return () => controller.abort();
  }, [round]);

  const types = useTypes(examples, words !== "");
  const families = useMemo(() => found(examples ?? [], words, types), [examples, words, types]);
  const open = (document: NetworkDoc) => {
    editor.load(document);
    onClose();
  };
  return (
    <Dialog title="Examples" width={1080} onClose={onClose} testId="examples">
      <div className="gallery">
        <TextField
          label="Search the examples"
          hideLabel
          type="search"
          placeholder="LSTM, attention, residual…"
          autoFocus
          value={words}
          onChange={setWords}
        />
        <p className="gallery-note">An example opens as a new document. What is open stays in this browser.</p>
        {error !== null && (
          <p className="gallery-error" role="alert">
            {error}{" "}
            <Button size="small" onClick={() => setRound(round + 1)}>
              Try again
            </Button>
          </p>
        )}
        {examples === null && error === null && <p role="status">Loading…</p>}
        {examples !== null && families.length === 0 && (
          <p role="status">No example is about “{words}”. Try another word, such as LSTM or residual.</p>
        )}
        {families.map(([family, entries]) => (
          <section key={family} aria-label={family}>
            <h3>
              {family} <span>{entries.length}</span>
            </h3>
            <ul>
              {entries.map((entry) => (
                <Card key={entry.id} entry={entry} onOpen={open} onError={setError} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** The types of the nodes of every example, by id; asked for once somebody searches. */
function useTypes(examples: readonly ExampleEntry[] | null, wanted: boolean): ReadonlyMap<string, string> {
  const [types, setTypes] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    if (!wanted || examples === null) return;
    let gone = false;
    const asked = examples.map(async ({ id }) => [id, typesOf(await client.example(id))] as const);
    void Promise.allSettled(asked).then((all) => {
      // one that does not come is found by its words alone
      if (!gone) setTypes(new Map(all.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []))));
    });
    return () => {
      gone = true;
    };
  }, [examples, wanted]);
  return types;
}

interface CardProps {
  entry: ExampleEntry;
  onOpen(document: NetworkDoc): void;
  onError(message: string): void;
}

function Card({ entry, onOpen, onError }: CardProps) {
  const [opening, setOpening] = useState(false);
  return (
    <li>
      <button
        type="button"
        className="card"
        disabled={opening}
        data-example={entry.id}
        onClick={() => {
          setOpening(true);
          client.example(entry.id).then(onOpen, (reason: unknown) => {
            setOpening(false);
            onError(reason instanceof Error ? reason.message : String(reason));
          });
        }}
      >
        <Picture id={entry.id} />
        <span className="card-words">
          <strong>{entry.title}</strong>
          <small>
            <CodeText>{entry.about}</CodeText>
          </small>
        </span>
      </button>
    </li>
  );
}
