import { type InputHTMLAttributes, type KeyboardEvent, type Ref, useEffect, useId, useState } from "react";
import "./controls.css";

type Native = Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange" | "size">;

export interface TextFieldProps extends Native {
  label: string;
  value: string;
  /** Each keystroke. */
  onChange?: (value: string) => void;
  /** Enter or leaving the field; Escape puts the old value back. */
  onCommit?: (value: string) => void;
  hideLabel?: boolean;
  mono?: boolean;
  error?: string | null;
  ref?: Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, onCommit, hideLabel, mono, error, className = "", ref, ...rest } = props;
  const id = useId();
  const [draft, setDraft] = useState(value);
  const [editing, setEditing] = useState(false);
  useEffect(() => {
    // While typing, "0.50" stays as typed although the value is 0.5; a value changed from elsewhere (arrow keys, undo) wins.
    setDraft((typed) => (editing && typed.trim() !== "" && Number(typed) === Number(value) ? typed : value));
  }, [value, editing]);

  const commit = () => {
    if (draft !== value) onCommit?.(draft);
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    rest.onKeyDown?.(event);
    if (event.key === "Enter") commit();
    if (event.key === "Escape" && draft !== value) {
      event.stopPropagation();
      setDraft(value);
      onChange?.(value);
    }
  };
  return (
    <span className={`field ${className}`}>
      <label htmlFor={id} className={hideLabel ? "hidden" : undefined}>
        {label}
      </label>
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        ref={ref}
        id={id}
        className={mono ? "mono" : undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        value={draft}
        onChange={(event) => {
          setDraft(event.target.value);
          onChange?.(event.target.value);
        }}
        onFocus={(event) => {
          setEditing(true);
          rest.onFocus?.(event);
        }}
        onBlur={(event) => {
          setEditing(false);
          commit();
          rest.onBlur?.(event);
        }}
        onKeyDown={keys}
      />
      {error && (
        <small id={`${id}-error`} className="field-error">
          {error}
        </small>
      )}
    </span>
  );
}
