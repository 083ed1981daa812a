/** Numbers in words for people. */
import type { Summary } from "@/api/answer";
import { exponential } from "./tensor/print";

/** A statistic with four digits: -1.204, 0.018, 3.2e-07. Null is a dash. */
export function statistic(value: number | string | null): string {
  if (value === null) return "–";
  const number = Number(value);
  if (typeof value === "string" || !Number.isFinite(number)) return String(value);
  if (Number.isInteger(number) && Math.abs(number) < 1e6) return String(number);
  const size = Math.abs(number);
  return size < 1e-3 || size >= 1e6 ? exponential(number, 2) : String(Number(number.toPrecision(4)));
}

export const grouped = (count: number): string => count.toLocaleString("en-US");

/** "312 zeros (40 %), 3 NaN": what is remarkable about the values; "" where nothing is. */
export function remarks(summary: Summary, count: number): string {
  const parts: string[] = [];
  if (summary.zeros > 0)
    parts.push(
      `${grouped(summary.zeros)} zero${summary.zeros === 1 ? "" : "s"} (${Math.round((100 * summary.zeros) / count)} %)`,
    );
  if (summary.nan > 0) parts.push(`${grouped(summary.nan)} NaN`);
  if (summary.inf > 0) parts.push(`${grouped(summary.inf)} infinite`);
  return parts.join(", ");
}
