/** The networks that this browser keeps, and one's own on the server: opening one never loses the one in hand. */
import { useEffect, useState } from "react";
import { attempt } from "@/actions/actions";
import type { KeptNetwork } from "@/api/client";
import type { RecentDocument } from "@/editor/interface";
import { client, editor, owner, remote, saving } from "@/editor/session";
import { IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import "./help.css";

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

interface Row {
  key: string;
  title: string;
  nodes: number;
  at: number;
  open(): Promise<unknown>;
  forgetLabel: string;
  forget(): Promise<void>;
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error));

export default function Recents({ onClose }: { onClose: () => void }) {
  const [here, setHere] = useState<readonly RecentDocument[] | null>(null);
  const [there, setThere] = useState<readonly KeptNetwork[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [away, setAway] = useState<string | null>(null);
  const load = () => {
    saving.recents().then(setHere, (error: unknown) => setFailed(words(error)));
    client.networks(owner).then(setThere, (error: unknown) => setAway(words(error)));
  };
  useEffect(load, []);

  const local = here?.map(
    (one): Row => ({
      ...one,
      title: one.title || "Untitled",
      open: () => saving.openRecent(one.key),
      forgetLabel: "Forget",
      forget: () => saving.forget(one.key),
    }),
  );
  const known = new Set([editor.state().id, ...(here ?? []).map(({ id }) => id)]);
  const server = there
    ?.filter(({ id }) => !known.has(id))
    .map(
      (one): Row => ({
        key: one.id,
        title: one.name || "Untitled",
        nodes: one.nodes,
        at: Date.parse(one.saved_at),
        open: () => remote.open(one.id),
        forgetLabel: "Delete from the server:",
        forget: () => client.deleteNetwork(one.id, owner),
      }),
    );
  const rows = (list: readonly Row[]) => (
    <ul className="recents">
      {list.map((one) => (
        <li key={one.key}>
          <button
            type="button"
            onClick={() => {
              onClose();
              void attempt(async () => void (await one.open()));
            }}
          >
            <b>{one.title}</b>
            <small>
              {one.nodes} {one.nodes === 1 ? "node" : "nodes"}, {when.format(one.at)}
            </small>
          </button>
          <IconButton
            label={`${one.forgetLabel} ${one.title}`}
            icon="trash"
            onClick={() => void one.forget().then(load, (error: unknown) => setAway(words(error)))}
          />
        </li>
      ))}
    </ul>
  );
  return (
    <Dialog title="Recent networks" width={520} onClose={onClose} testId="recents-dialog">
      {failed !== null && <p className="recents-none">This browser keeps nothing here: {failed}</p>}
      {local?.length === 0 && <p className="recents-none">Nothing yet. What you draw is kept here by itself.</p>}
      {local && rows(local)}
      {away !== null && <p className="recents-none">The server's list is not there: {away}</p>}
      {server && server.length > 0 && (
        <>
          <h3>Only on the server</h3>
          {rows(server)}
        </>
      )}
    </Dialog>
  );
}
