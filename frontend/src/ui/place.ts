/** Puts a fixed element below (or above, where there is no room) an anchor, inside the window. */
export function placeBeside(
  element: HTMLElement,
  anchor: DOMRect,
  align: "below" | "start" | "end",
  gap: number,
): void {
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = anchor.bottom + gap + height <= window.innerHeight;
  const wanted =
    align === "start" ? anchor.left : align === "end" ? anchor.right - width : anchor.left + (anchor.width - width) / 2;
  const left = Math.min(Math.max(8, wanted), Math.max(8, window.innerWidth - width - 8));
  const top = below ? anchor.bottom + gap : Math.max(8, anchor.top - gap - height);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
