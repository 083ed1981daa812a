/** A field for the name of a type, with the names to choose from. Only a name that exists is taken. */
import { useEffect, useState } from "react";

interface TypeInputProps {
  id: string;
  listId: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  placeholder?: string;
  value: string;
  types: readonly string[];
  onChange(type: string): void;
}

export function TypeInput({ id, listId, describedBy, invalid, placeholder, value, types, onChange }: TypeInputProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const known = text === "" || types.includes(text);
  return (
    <>
      <input
        id={id}
        list={listId}
        className="input mono"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        aria-describedby={describedBy}
        aria-invalid={invalid || !known || undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value !== value && types.includes(event.target.value)) onChange(event.target.value);
        }}
        onBlur={() => {
          if (text === "" && value !== "") onChange("");
          else if (!types.includes(text)) setText(value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" && text !== value) {
            event.stopPropagation();
            setText(value);
          }
        }}
      />
      <datalist id={listId}>
        {types.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
    </>
  );
}
