/** What the type is, in torch's own words, and everything that it takes. */
import type { LayerType } from "@/api/answer";
import { CodeText } from "@/ui/CodeText";
import { formatLiteral } from "./settings/literal";

/** Without a last sentence that announces a formula which is not there. */
export function wholeSentences(text: string): string {
  const trimmed = text.trim();
  return trimmed.endsWith(":") ? trimmed.slice(0, Math.max(0, trimmed.lastIndexOf(". ") + 1)) : trimmed;
}

export function Learn({ layer }: { layer: LayerType }) {
  const doc = wholeSentences(layer.doc);
  return (
    <div className="learn">
      <p>
        <CodeText>{doc === "" ? layer.summary : doc}</CodeText>
      </p>
      {layer.code !== "" && (
        <p>
          In code: <code>{layer.code}</code>
        </p>
      )}
      {layer.inputs.length > 0 && (
        <>
          <h3>Takes</h3>
          <dl>
            {layer.inputs.map((port) => (
              <div key={port.name}>
                <dt>
                  <code>{port.name}</code>
                </dt>
                <dd>
                  {[port.label, port.many ? "several tensors" : null, port.optional ? "optional" : null]
                    .filter(Boolean)
                    .join(", ") || "a tensor"}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {layer.params.length > 0 && (
        <>
          <h3>Parameters</h3>
          <dl>
            {layer.params.map((param) => (
              <div key={param.name}>
                <dt>
                  <code>{param.name}</code>
                </dt>
                <dd>
                  {param.summary}{" "}
                  <span className="quiet">
                    {param.inferred
                      ? "from the input"
                      : param.required
                        ? "required"
                        : `default ${formatLiteral(param.default)}`}
                  </span>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {layer.aliases.length > 0 && <p className="quiet">Also found as: {layer.aliases.join(", ")}.</p>}
    </div>
  );
}
