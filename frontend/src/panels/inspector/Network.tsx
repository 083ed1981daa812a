/** The network as a whole: as torch prints it, its totals, every parameter in a table. */
import { useState } from "react";
import { graphOf, titleOf } from "@/document/document";
import { pathOf } from "@/document/paths";
import { useEditor, usePartial, useResults } from "@/editor/hooks";
import { editor } from "@/editor/session";
import { Button } from "@/ui/Button";
import { grouped } from "./statistics";
import { tuple } from "./tensor/print";

/** Rows to a page of the table: a network of thousands of layers stays quick. */
const ROWS = 200;

export function Network() {
  const graph = useEditor((state) => state.graph);
  const document = useEditor((state) => state.document);
  const use = useEditor((state) => state.use);
  const answer = useResults((state) => state.answer);
  const stale = useResults((state) => state.stale);
  const refusal = useResults((state) => state.refusal);
  const partial = usePartial();
  const [shown, setShown] = useState(ROWS);
  const nodes = Object.keys(graphOf(document, graph)?.nodes ?? {});
  if (nodes.length === 0) {
    return (
      <div className="empty">
        <h2>{titleOf(document) || "A new network"}</h2>
        <p className="quiet">
          Drag a layer from the left, or double-click the canvas. What comes out of each layer, its parameters and its
          settings are shown here.
        </p>
      </div>
    );
  }
  const rows = nodes.flatMap((key) => {
    const path = pathOf(document, graph, use, key);
    const found = path === null ? undefined : answer?.nodes[path];
    return Object.entries(found?.parameters ?? {}).map(([name, weight]) => ({ key, name, weight }));
  });
  const totals = answer?.totals;
  const known =
    totals && totals.unknown > 0
      ? `${totals.unknown} layer${totals.unknown === 1 ? "" : "s"} unknown`
      : partial
        ? "as written"
        : "";
  return (
    <>
      <div className="inspector-head">
        <div className="title">
          <h2>{graph ?? (titleOf(document) || "Network")}</h2>
          <span className="type">{graph === null ? "network" : "block"}</span>
        </div>
      </div>
      {refusal !== null && (
        <p className="reason" role="status">
          {refusal}
        </p>
      )}
      {!answer && refusal === null && <p className="quiet">Counting…</p>}
      {totals && graph === null && (
        <dl className={`boxes ${stale ? "stale" : ""}`}>
          <div>
            <dt>parameters</dt>
            <dd className="mono">
              {grouped(totals.parameters)}
              {known && <small>{known}</small>}
            </dd>
          </div>
          <div>
            <dt>trainable</dt>
            <dd className="mono">{grouped(totals.trainable)}</dd>
          </div>
          <div>
            <dt>multiply-adds</dt>
            <dd className="mono">
              {totals.macs === null ? "–" : grouped(totals.macs)}
              {totals.macs !== null && partial && <small>of what runs</small>}
            </dd>
          </div>
        </dl>
      )}
      {answer && graph === null && (
        <details open={rows.length <= 24}>
          <summary>print(model)</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <pre className="printed" tabIndex={0}>
            {answer.repr}
          </pre>
        </details>
      )}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <section className="table-box" tabIndex={0} aria-label="Parameters by layer">
          <table className={`parameters ${stale ? "stale" : ""}`}>
            <thead>
              <tr>
                <th scope="col">parameter</th>
                <th scope="col">shape</th>
                <th scope="col">count</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, shown).map(({ key, name, weight }) => (
                <tr key={`${key}.${name}`}>
                  <td>
                    <button type="button" className="link mono" title={key} onClick={() => editor.show([key])}>
                      {key}
                    </button>
                    <span className="mono">.{name}</span>
                    {!weight.requires_grad && <small title="requires_grad=False">frozen</small>}
                  </td>
                  <td className="mono">{tuple(weight.shape)}</td>
                  <td className="mono">{weight.tied === undefined ? grouped(weight.count) : `= ${weight.tied}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {rows.length > shown && (
        <Button size="small" onClick={() => setShown(shown + ROWS)}>
          {rows.length - shown} more
        </Button>
      )}
      {answer && rows.length === 0 && <p className="quiet">No parameters yet: nothing to learn here.</p>}
    </>
  );
}
