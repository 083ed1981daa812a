/** Every parameter of the network by its name in state_dict(), as named_parameters() lists them. */
import { useState } from "react";
import { useEditor, useResults } from "@/editor/hooks";
import { Button } from "@/ui/Button";

/** Rows at a time: a network of thousands of layers stays quick. */
const ROWS = 300;

export function Parameters() {
  const document = useEditor((state) => state.document);
  const answer = useResults((state) => state.answer);
  const [most, setMost] = useState(ROWS);
  const rows = Object.entries(document.nodes).flatMap(([key, node]) => {
    const attribute = typeof node.attribute === "string" ? node.attribute : key;
    const alone = node.type === "Parameter";
    return Object.entries(answer?.nodes[key]?.parameters ?? {}).map(([name, weight]) => ({
      name: alone ? attribute : `${attribute}.${name}`,
      weight,
    }));
  });
  if (rows.length === 0) return <p className="code-empty">This network has no parameters.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className="code-parameters" tabIndex={0} aria-label="Parameters, with requires_grad as grad">
      <table>
        <thead>
          <tr>
            <th scope="col">name</th>
            <th scope="col">shape</th>
            <th scope="col">count</th>
            <th scope="col">grad</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map(({ name, weight }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                ({weight.shape.join(", ")}
                {weight.shape.length === 1 ? "," : ""})
              </td>
              <td>{weight.tied === undefined ? weight.count.toLocaleString("en") : `is ${weight.tied}`}</td>
              <td>{weight.requires_grad ? "True" : "False"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > most && <Button onClick={() => setMost(most + ROWS)}>{rows.length - most} more</Button>}
    </section>
  );
}
