/** The drawing on an example's card. It is fetched when the card comes into sight. */
import { useEffect, useRef, useState } from "react";
import { layerNamed } from "@/editor/catalogue";
import { useCatalogue } from "@/editor/hooks";
import { client } from "@/editor/session";
import { familyColour } from "@/ui/families";
import { type Bar, type Thumbnail, thumbnailOf } from "./thumbnail";

const WIDTH = 84;
const HEIGHT = 112;
const x = (part: number) => 4 + part * (WIDTH - 8);
const y = (part: number) => 4 + part * (HEIGHT - 8);

/** A curve; one that passes rows by goes around them. */
function wire(a: Bar, b: Bar): string {
  const [fromX, fromY, toX, toY] = [x(a.x), y(a.y), x(b.x), y(b.y)];
  const middle = (fromY + toY) / 2;
  const rows = b.row - a.row;
  const aside = rows > 1 ? Math.min(34, 14 + 2 * rows) : 0;
  return `M${fromX} ${fromY}C${fromX + aside} ${middle} ${toX + aside} ${middle} ${toX} ${toY}`;
}

/** One rectangle; several above each other for copies, as many as there are or as can be told apart. */
function outline(bar: Bar): string {
  const width = Math.min(bar.block ? 30 : 18, 0.8 * bar.width * (WIDTH - 8));
  const most = bar.copies > 1 ? HEIGHT : 7;
  const height = Math.min(0.78 * bar.height * (HEIGHT - 8), most);
  const slices = Math.max(1, Math.min(bar.copies, Math.floor(height / 2.6)));
  const step = height / slices;
  const left = x(bar.x) - width / 2;
  const top = y(bar.y) - height / 2;
  const thick = slices > 1 ? step - 0.8 : step;
  return Array.from({ length: slices }, (_, at) => `M${left} ${top + at * step}h${width}v${thick}h${-width}z`).join("");
}

export function Picture({ id }: { id: string }) {
  const catalogue = useCatalogue();
  const box = useRef<SVGSVGElement>(null);
  const [drawn, setDrawn] = useState<Thumbnail | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      // A card without its drawing is still a card: opening it says what is wrong.
      client.example(id, controller.signal).then(
        (document) => setDrawn(thumbnailOf(document)),
        () => undefined,
      );
    });
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      controller.abort();
    };
  }, [id]);
  return (
    <svg ref={box} className="picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {drawn?.wires.map(({ from, to }) => {
        const [a, b] = [drawn.bars[from]!, drawn.bars[to]!];
        return <path key={`${a.key} ${b.key}`} className="wire" d={wire(a, b)} />;
      })}
      {drawn?.bars.map((bar) => (
        <path
          key={bar.key}
          d={outline(bar)}
          style={{ fill: familyColour(bar.block ? "block" : layerNamed(catalogue, bar.type)?.family) }}
        />
      ))}
    </svg>
  );
}
