import { useState } from "react";
import { TextField, type TextFieldProps } from "./TextField";

export interface NumberFieldProps extends Omit<TextFieldProps, "value" | "onChange" | "onCommit" | "error"> {
  value: number | null;
  min?: number;
  max?: number;
  integer?: boolean;
  /** Each valid number, while typing and with the arrow keys (Shift: tens). */
  onChange: (value: number) => void;
}

/** A number as text: no browser spinner, no scroll surprise. What is no number, or out of bounds, is said, not sent. */
export function NumberField({
  value,
  min = -Infinity,
  max = Infinity,
  integer = true,
  onChange,
  ...rest
}: NumberFieldProps) {
  const [error, setError] = useState<string | null>(null);
  const take = (text: string) => {
    const number = Number(text.trim());
    const wrong =
      text.trim() === "" || Number.isNaN(number)
        ? "a number, please"
        : integer && !Number.isInteger(number)
          ? "a whole number, please"
          : number < min
            ? `at least ${min}`
            : number > max
              ? `at most ${max}`
              : null;
    setError(wrong);
    if (wrong === null && number !== value) onChange(number);
  };
  return (
    <TextField
      mono
      inputMode={integer ? "numeric" : "decimal"}
      {...rest}
      value={value === null ? "" : String(value)}
      error={error}
      onChange={take}
      onBlur={() => setError(null)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        const step = (event.shiftKey ? 10 : 1) * (event.key === "ArrowUp" ? 1 : -1);
        onChange(Math.min(max, Math.max(min, (value ?? 0) + step)));
      }}
    />
  );
}
