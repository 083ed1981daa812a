// @vitest-environment node
import { expect, test } from "vitest";
import { formatShortcut, type KeyPress, matches } from "./shortcut";

const press = (key: string, held = "", code = ""): KeyPress => ({
  key,
  code,
  ctrlKey: held.includes("c"),
  metaKey: held.includes("m"),
  shiftKey: held.includes("s"),
  altKey: held.includes("a"),
});

test("Mod is Ctrl, on a Mac Command", () => {
  expect(matches("Mod+Z", press("z", "c"), false)).toBe(true);
  expect(matches("Mod+Z", press("z", "m"), false)).toBe(false);
  expect(matches("Mod+Z", press("z", "m"), true)).toBe(true);
  expect(matches("Mod+Z", press("z", "c"), true)).toBe(false);
  expect(matches("Mod+Z", press("Z", "cs"), false)).toBe(false);
  expect(matches("Mod+Shift+Z", press("Z", "cs"), false)).toBe(true);
  expect(matches("Mod+Z", press("z", "ca"), false)).toBe(false);
});

test("a letter alone is that letter without anything held", () => {
  expect(matches("F", press("f"), false)).toBe(true);
  expect(matches("F", press("F", "s"), false)).toBe(false);
  expect(matches("F", press("f", "c"), false)).toBe(false);
  expect(matches("Shift+A", press("A", "s"), false)).toBe(true);
});

test("characters count by what they are, letters of other alphabets by their place", () => {
  expect(matches("?", press("?", "s"), false)).toBe(true);
  expect(matches("/", press("/", "s"), false)).toBe(true); // Shift+7 in German
  expect(matches("+", press("+"), false)).toBe(true);
  expect(matches("Shift+1", press("!", "s", "Digit1"), false)).toBe(true);
  expect(matches("Mod+Z", press("я", "c", "KeyZ"), false)).toBe(true);
  expect(matches("Mod+Z", press("y", "c", "KeyZ"), false)).toBe(false); // a German keyboard: Z is where it is written
});

test("shortcuts are written as people know them", () => {
  expect(formatShortcut("Mod+Shift+Z", false)).toBe("Ctrl+Shift+Z");
  expect(formatShortcut("Mod+Shift+Z", true)).toBe("⌘⇧Z");
  expect(formatShortcut("+", false)).toBe("+");
  expect(formatShortcut("Delete", false)).toBe("Del");
});
