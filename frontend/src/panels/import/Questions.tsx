/** What the source does not say, by name, with the server's guesses. */
import type { ImportField } from "@/editor/importing";
import { importing } from "@/editor/session";

const DTYPES = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "bool", "complex64"];

export function Questions({ fields }: { fields: readonly ImportField[] }) {
  return (
    <fieldset className="import-questions">
      <legend>The source does not say this. These are guesses; change what is wrong and read it again.</legend>
      {fields.map((field, index) => (
        <Question key={`${field.question.kind} ${field.question.of} ${field.question.name}`} {...{ field, index }} />
      ))}
    </fieldset>
  );
}

function Question({ field, index }: { field: ImportField; index: number }) {
  const { question, text, dtype, error } = field;
  const id = `import-${index}`;
  const input = question.kind === "input";
  return (
    <div className="import-question">
      <label htmlFor={id}>
        {input ? (
          <>
            Shape of <code>{question.name}</code>
          </>
        ) : (
          <>
            <code>{question.name}</code> of {question.of}
          </>
        )}
      </label>
      <input
        id={id}
        className="input mono"
        autoComplete="off"
        spellCheck={false}
        value={text}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        data-testid={`import-answer-${question.name}`}
        onChange={(event) => importing.answer(index, { text: event.target.value })}
      />
      {input && (
        <select
          className="input"
          aria-label={`dtype of ${question.name}`}
          value={dtype}
          onChange={(event) => importing.answer(index, { dtype: event.target.value })}
        >
          {[...new Set([...DTYPES, dtype])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      {error !== null && <small id={`${id}-error`}>{error}</small>}
    </div>
  );
}
