/** The networks that this browser keeps: opening one never loses the one in hand. */
import { useEffect, useState } from "react";
import { attempt } from "@/actions/actions";
import type { RecentDocument } from "@/editor/interface";
import { saving } from "@/editor/session";
import { IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import "./help.css";

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export default function Recents({ onClose }: { onClose: () => void }) {
  const [list, setList] = useState<readonly RecentDocument[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const load = () => {
    saving.recents().then(setList, (error: unknown) => {
      setFailed(error instanceof Error ? error.message : String(error));
    });
  };
  useEffect(load, []);

  const open = (key: string) => {
    onClose();
    void attempt(() => saving.openRecent(key));
  };
  return (
    <Dialog title="Recent networks" width={520} onClose={onClose} testId="recents-dialog">
      {failed !== null && <p className="recents-none">This browser keeps nothing here: {failed}</p>}
      {list?.length === 0 && <p className="recents-none">Nothing yet. What you draw is kept here by itself.</p>}
      <ul className="recents">
        {list?.map((one) => (
          <li key={one.key}>
            <button type="button" onClick={() => open(one.key)}>
              <b>{one.title || "Untitled"}</b>
              <small>
                {one.nodes} {one.nodes === 1 ? "node" : "nodes"}, {when.format(one.at)}
              </small>
            </button>
            <IconButton
              label={`Forget ${one.title || "Untitled"}`}
              icon="trash"
              onClick={() => void saving.forget(one.key).then(load)}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
