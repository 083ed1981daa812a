/** Actions on whole documents. */

import { Refusal } from "@/document/refusal";
import { newDocument, openFile, pickFile, saveFile, savePicture, writeClipboard } from "@/editor/files";
import type { Action, Context } from "./action";
import type { View } from "./view";

const always = () => true;
const has =
  (part: keyof View) =>
  ({ view }: Context) =>
    view()[part] !== undefined;

function exporting(format: "python" | "script" | "notebook" | "state" | "onnx" | "table", title: string): Action {
  return {
    id: `export-${format}`,
    title,
    group: "File",
    shortcuts: [],
    enabled: always,
    perform: ({ code }) => code.download(format),
  };
}

function drawing(format: "svg" | "png", title: string): Action {
  return {
    id: `export-${format}`,
    title,
    group: "File",
    shortcuts: [],
    enabled: has("picture"),
    async perform({ editor, view }) {
      const picture = view().picture?.();
      if (!picture) throw new Refusal("There is nothing to draw yet: add a layer.");
      await savePicture(picture, format, editor.state().document);
    },
  };
}

/** Opens a file, chosen or dropped: a document at once, source code when it has been read. Throws Refusal. */
export async function takeFile({ editor, importing }: Pick<Context, "editor" | "importing">, file: File) {
  const [, ending] = /\.(py|ipynb)$/i.exec(file.name) ?? [];
  if (ending === undefined) return openFile(editor, file);
  const format = ending.toLowerCase() === "py" ? "python" : "notebook";
  return importing.read({ format, content: await file.text(), name: file.name });
}

export const fileActions: Action[] = [
  {
    id: "new",
    title: "New network",
    group: "File",
    // Browsers keep Ctrl+N for themselves.
    shortcuts: ["Alt+N"],
    enabled: always,
    perform: ({ editor }) => newDocument(editor),
  },
  {
    id: "open",
    title: "Open a file",
    group: "File",
    shortcuts: ["Mod+O"],
    inText: true,
    enabled: always,
    async perform(context) {
      const file = await pickFile(".json,.py,.ipynb,.svg,application/json");
      if (file) await takeFile(context, file);
    },
  },
  {
    id: "import",
    title: "Import PyTorch code",
    group: "File",
    shortcuts: [],
    enabled: always,
    perform: ({ importing }) => importing.begin(),
  },
  {
    id: "save",
    title: "Save as a file",
    group: "File",
    shortcuts: ["Mod+S"],
    inText: true,
    enabled: always,
    perform: ({ editor }) => saveFile(editor.state().document),
  },
  {
    id: "link",
    title: "Copy a link",
    group: "File",
    shortcuts: ["Alt+L"],
    enabled: always,
    async perform({ remote, view }) {
      await writeClipboard(await remote.link());
      view().say?.("Copied. Whoever has the link can open this network, and change a copy of it.");
    },
  },
  drawing("svg", "Export the drawing as SVG"),
  drawing("png", "Export the drawing as PNG"),
  exporting("script", "Export a script that runs"),
  exporting("python", "Export a module"),
  exporting("notebook", "Export a notebook"),
  exporting("state", "Export the weights"),
  exporting("onnx", "Export an ONNX model"),
  exporting("table", "Export the summary"),
  {
    id: "examples",
    title: "Examples",
    group: "File",
    shortcuts: ["Alt+E"],
    enabled: has("examples"),
    perform: ({ view }) => view().examples?.(),
  },
  {
    id: "recents",
    title: "Recent networks",
    group: "File",
    shortcuts: ["Alt+O"],
    enabled: has("recents"),
    perform: ({ view }) => view().recents?.(),
  },
];
