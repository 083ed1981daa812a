/** The drawing on an example's card. It is fetched when the card comes into sight. */
import { useEffect, useRef, useState } from "react";
import { layerNamed } from "@/editor/catalogue";
import { useCatalogue } from "@/editor/hooks";
import { client } from "@/editor/session";
import { familyColour } from "@/ui/families";
import { type Thumbnail, thumbnailOf } from "./thumbnail";

const WIDTH = 72;
const HEIGHT = 88;

/** A curve; one that passes rows by goes around them. */
function wire(fromX: number, fromY: number, toX: number, toY: number, rows: number): string {
  const middle = (fromY + toY) / 2;
  const aside = rows > 1 ? Math.min(26, 4 + 2 * rows) : 0;
  return `M${fromX} ${fromY}C${fromX + aside} ${middle} ${toX + aside} ${middle} ${toX} ${toY}`;
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
  const x = (part: number) => 4 + part * (WIDTH - 8);
  const y = (part: number) => 4 + part * (HEIGHT - 8);
  return (
    <svg ref={box} className="picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {drawn?.wires.map(({ from, to }) => {
        const [a, b] = [drawn.dots[from]!, drawn.dots[to]!];
        return <path key={`${a.key} ${b.key}`} d={wire(x(a.x), y(a.y), x(b.x), y(b.y), b.row - a.row)} />;
      })}
      {drawn?.dots.map((dot) => (
        <circle
          key={dot.key}
          cx={x(dot.x)}
          cy={y(dot.y)}
          r={drawn.dots.length > 30 ? 1.6 : 2.6}
          style={{ fill: familyColour(layerNamed(catalogue, dot.type)?.family ?? "block") }}
        />
      ))}
    </svg>
  );
}
