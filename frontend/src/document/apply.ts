/** `apply(document, command)`: the only way a document changes. Pure; what does not change is shared with the old one. */
import { setBatch } from "./batch";
import type { Command } from "./command";
import type { NetworkDoc } from "./document";
import { same, withKey } from "./document";
import { removeBlock, renameBlock, setBlock, setGraphField } from "./graphs";
import { addNodes, moveNodes, setField, setParam } from "./nodes";
import { applyPatch } from "./patch";
import { removeNodes } from "./remove";
import { renameNode } from "./rename";
import { connect, disconnect, insert } from "./wires";

/** The same document when the command changes nothing. Throws Refusal, with the reason, when it cannot be carried out. */
export function apply(document: NetworkDoc, command: Command): NetworkDoc {
  switch (command.kind) {
    case "add":
      return addNodes(document, command);
    case "remove":
      return removeNodes(document, command);
    case "rename":
      return renameNode(document, command);
    case "move":
      return moveNodes(document, command);
    case "param":
      return setParam(document, command);
    case "field":
      return setField(document, command);
    case "connect":
      return connect(document, command);
    case "disconnect":
      return disconnect(document, command);
    case "insert":
      return insert(document, command);
    case "head":
      if (same(document[command.field], command.value)) return document;
      return withKey(
        document as unknown as Record<string, unknown>,
        command.field,
        command.value,
      ) as unknown as NetworkDoc;
    case "batch":
      return setBatch(document, command.size);
    case "patch":
      return applyPatch(document, command.patch);
    case "block":
      return command.block === undefined
        ? removeBlock(document, command.name)
        : setBlock(document, command.name, command.block);
    case "rename-block":
      return renameBlock(document, command.block, command.name);
    case "graph":
      return setGraphField(document, command);
    case "replace":
      return same(document, command.document) ? document : command.document;
    case "sequence":
      return command.commands.reduce(apply, document);
  }
}
