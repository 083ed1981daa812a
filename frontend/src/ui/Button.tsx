import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Icon, type IconName } from "./Icon";
import { Kbd } from "./Kbd";
import { Tooltip } from "./Tooltip";
import "./controls.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: "plain" | "primary" | "quiet" | "danger";
  size?: "normal" | "small";
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = "plain", size = "normal", className = "", ref, ...rest }: ButtonProps) {
  return <button ref={ref} type="button" className={`btn ${variant} ${size} ${className}`} {...rest} />;
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does: the name for screen readers and the tooltip. */
  label: string;
  icon: IconName;
  shortcut?: string;
  pressed?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({
  label,
  icon,
  shortcut,
  pressed,
  className = "",
  children,
  ref,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip
      content={
        <>
          {label} {shortcut && <Kbd>{shortcut}</Kbd>}
        </>
      }
    >
      <button
        ref={ref}
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={`icon-btn ${className}`}
        {...rest}
      >
        <Icon name={icon} />
        {children}
      </button>
    </Tooltip>
  );
}
