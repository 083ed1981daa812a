/** Line icons on a 16 px grid, drawn with the text's colour. */
const PATHS = {
  undo: "M6 3.5 2.5 7 6 10.5M2.5 7h7a4 4 0 0 1 0 8H7",
  redo: "M10 3.5 13.5 7 10 10.5M13.5 7h-7a4 4 0 0 0 0 8H9",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "m4 4 8 8M12 4l-8 8",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM11 11l3 3",
  chevronDown: "m4 6 4 4 4-4",
  chevronRight: "m6 4 4 4-4 4",
  chevronUp: "m4 10 4-4 4 4",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  layout: "M6 2.5h4v3H6zM2 10.5h4v3H2zM10 10.5h4v3h-4zM8 5.5V8M4 10.5V8h8v2.5",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z",
  screen: "M2 3h12v8H2zM6 14h4M8 11v3",
  help: "M6 6a2 2 0 1 1 3 1.7c-.7.5-1 .9-1 1.8M8 12v.01M8 15A7 7 0 1 0 8 1a7 7 0 0 0 0 14Z",
  panelLeft: "M2 3h12v10H2zM6 3v10",
  panelRight: "M2 3h12v10H2zM10 3v10",
  panelBottom: "M2 3h12v10H2zM2 9.5h12",
  file: "M4 1.5h5l3 3v10H4zM9 1.5v3h3",
  folder: "M1.5 4V13h13V5.5h-7L6 3.5H1.5z",
  save: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  book: "M8 4C6.5 2.5 4 2.5 2 3v10c2-.5 4.5-.5 6 1 1.5-1.5 4-1.5 6-1V3c-2-.5-4.5-.5-6 1ZM8 4v10",
  map: "M2 3h12v10H2zM8.5 8.5h4v3h-4z",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  block: "M2 2h12v12H2zM5 5h6v2H5zM5 9h6v2H5z",
  warning: "M8 2 1.5 13.5h13zM8 6.5v3M8 11.5v.01",
  check: "m3 8.5 3.5 3.5L13 4.5",
  external: "M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11 9v4.5H2.5V5H7",
  more: "M3.5 8v.01M8 8v.01M12.5 8v.01",
  table: "M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 3v10",
  download: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" className="icon" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
