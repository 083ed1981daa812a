/** The theme's colours as numbers, for what is drawn pixel by pixel. */
import { useMemo } from "react";
import { useTheme } from "@/ui/theme";
import type { Palette, Rgb } from "../tensor/colour";

function read(style: CSSStyleDeclaration, name: string): Rgb {
  const hex = /^#([0-9a-f]{6})$/i.exec(style.getPropertyValue(name).trim())?.[1];
  if (!hex) throw new Error(`The token ${name} is no #rrggbb colour.`);
  const bits = Number.parseInt(hex, 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

export function usePalette(): Palette {
  const { dark } = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens are read again when the theme changes
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    return {
      negative: read(style, "--negative"),
      zero: read(style, "--zero"),
      positive: read(style, "--positive"),
      none: read(style, "--control"),
    };
  }, [dark]);
}
