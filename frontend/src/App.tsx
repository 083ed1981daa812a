/** The page: toolbar, palette, canvas, inspector, problems. */
export function App() {
  return <main>Torchwire</main>;
}
