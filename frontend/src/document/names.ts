/** Names of nodes, blocks and parameters: what is allowed, and fresh ones. The rules of backend/torchwire/graph/names.py. */
import { type GraphDoc, isObject } from "./document";

const PATTERN = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const words = (text: string) => new Set(text.split(/\s+/));

const KEYWORDS = words(
  `False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`,
);

const RESERVED = words("self torch nn F math");

/** dir(nn.Module()) of torch without names that begin with "_": a layer of such a name would fail when it is called. */
const MODULE_ATTRIBUTES = words(
  `T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval
  extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia
  named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer
  register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
  register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
  register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory
  state_dict to to_empty train training type xpu zero_grad`,
);

/** Why this name is not allowed; null when it is. */
export function nameFault(name: string): string | null {
  if (!PATTERN.test(name)) return "a name begins with a letter and has up to 64 letters, digits and underscores";
  if (KEYWORDS.has(name)) return `${name} is a Python keyword`;
  if (RESERVED.has(name)) return `${name} has a meaning of its own in generated code`;
  if (MODULE_ATTRIBUTES.has(name)) return `${name} is an attribute of nn.Module`;
  return null;
}

/** Why this name cannot be given to a node of the graph (`old` is its present name); null when it can. */
export function nodeNameFault(graph: GraphDoc, name: string, old?: string): string | null {
  const fault = nameFault(name);
  if (fault !== null || name === old) return fault;
  if (Object.hasOwn(graph.nodes, name)) return `there is a node ${name} already`;
  if (isObject(graph.params) && Object.hasOwn(graph.params, name)) return `there is a parameter ${name} already`;
  return null;
}

/** What a graph's names are taken by: its nodes and its parameters share one namespace. */
export function takenNames(graph: GraphDoc): Set<string> {
  return new Set([...Object.keys(graph.nodes), ...(isObject(graph.params) ? Object.keys(graph.params) : [])]);
}

/** As people write them in torch code: self.conv1, self.fc1, self.pool1. Other types are their own name in lower case. */
const STEMS: readonly (readonly [RegExp, string])[] = [
  [/^Input$/, "x"],
  [/^Output$/, "out"],
  [/^(Lazy)?Linear$/, "fc"],
  [/^(Lazy)?ConvTranspose\dd$/, "deconv"],
  [/^(Lazy)?Conv\dd$/, "conv"],
  [/^(Lazy)?(Sync)?BatchNorm(\dd)?$/, "bn"],
  [/^(Lazy)?InstanceNorm\dd$/, "in_norm"],
  [/^LayerNorm$/, "ln"],
  [/^GroupNorm$/, "gn"],
  [/^(Adaptive|Fractional)?Max(Pool)\dd$/, "pool"],
  [/^(Adaptive)?Avg(Pool)\dd$/, "avgpool"],
  [/^Embedding$/, "embed"],
  [/^MultiheadAttention$/, "attn"],
  [/^TransformerEncoderLayer$/, "encoder_layer"],
  [/^TransformerDecoderLayer$/, "decoder_layer"],
  [/^TransformerEncoder$/, "encoder"],
  [/^TransformerDecoder$/, "decoder"],
];

/** The beginning of a name for a node of this type: Conv2d -> conv, Linear -> fc, MSELoss -> mseloss, my_block -> my_block. */
export function stemOf(type: string): string {
  const found = STEMS.find(([pattern]) => pattern.test(type));
  if (found) return found[1];
  const plain = type.replace(/^Lazy(?=[A-Z])/, "").toLowerCase();
  const stem = plain
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/\d+d?$/, "")
    .replace(/^[^a-z]+|_+$/g, "");
  return stem.slice(0, 56) || "node";
}

/** Inputs and outputs are called x and out while they are alone; layers are numbered from 1: conv1, conv2. */
const ALONE = new Set(["x", "out"]);

/** A fresh name for a new node of this type. */
export function freshNodeName(type: string, taken: ReadonlySet<string>): string {
  const stem = stemOf(type);
  if (ALONE.has(stem) && !taken.has(stem)) return stem;
  for (let number = ALONE.has(stem) ? 2 : 1; ; number += 1) {
    const name = `${stem}${number}`;
    if (!taken.has(name) && nameFault(name) === null) return name;
  }
}

/** A fresh name like this one: itself when it is free, else with the next number (conv1 -> conv2). */
export function freshName(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base) && nameFault(base) === null) return base;
  let stem = base.replace(/[^A-Za-z0-9_]+/g, "_").slice(0, 56);
  stem = stem.replace(/^[^A-Za-z]+/, "").replace(/\d+$/, "") || "node";
  for (let number = 1; ; number += 1) {
    const name = `${stem}${number}`;
    if (!taken.has(name) && nameFault(name) === null) return name;
  }
}
