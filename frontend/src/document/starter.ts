/** A new node as it is put on the canvas: with settings that run, so that shapes are there at once. */
import type { Json, NodeDoc } from "./document";

/** What is needed to know of a type. */
export interface StarterType {
  type: string;
  params: readonly { name: string; required: boolean; inferred: boolean }[];
}

/** Where a parameter's name alone does not tell, or torch's default is not what people want (flatten keeps the batch). */
const BY_TYPE: Record<string, Record<string, Json>> = {
  Input: { shape: [1, 1, 28, 28] },
  Parameter: { shape: [1] },
  Constant: { shape: [1] },
  ConvTranspose1d: { kernel_size: 2, stride: 2 },
  ConvTranspose2d: { kernel_size: 2, stride: 2 },
  ConvTranspose3d: { kernel_size: 2, stride: 2 },
  CrossMapLRN2d: { size: 5 },
  LocalResponseNorm: { size: 5 },
  local_response_norm: { size: 5 },
  Fold: { output_size: [28, 28], kernel_size: 2 },
  Unflatten: { dim: 1, unflattened_size: [1, -1] },
  Softmax: { dim: -1 },
  LogSoftmax: { dim: -1 },
  Softmin: { dim: -1 },
  Upsample: { scale_factor: 2 },
  UpsamplingBilinear2d: { scale_factor: 2 },
  UpsamplingNearest2d: { scale_factor: 2 },
  FractionalMaxPool2d: { kernel_size: 2, output_ratio: 0.5 },
  FractionalMaxPool3d: { kernel_size: 2, output_ratio: 0.5 },
  clamp: { min: 0 },
  interpolate: { scale_factor: 2 },
  cat: { dim: 1 },
  einsum: { equation: "ij,jk->ik" },
  flatten: { start_dim: 1 },
  flip: { dims: [-1] },
  full: { size: [1] },
  getitem: { index: "0" },
  log_softmax: { dim: -1 },
  ones: { size: [1] },
  rand: { size: [1] },
  randn: { size: [1] },
  scatter_reduce: { reduce: "sum" },
  select: { index: 0 },
  tile: { dims: [1] },
  softmax: { dim: -1 },
  cumsum: { dim: 0 },
  cumprod: { dim: 0 },
  unflatten: { dim: 1, sizes: [1, -1] },
  unsqueeze: { dim: 0 },
  zeros: { size: [1] },
};

/** Pooling halves; a convolution looks at its neighbours. */
const POOLING = /pool/i;

/** Values for parameters that torch requires and the input does not decide. */
const BY_NAME: Record<string, Json> = {
  axis0: 0,
  axis1: 1,
  chunks: 2,
  cutoffs: [2],
  decoder_layer: { type: "TransformerDecoderLayer", params: { nhead: 2 } },
  destination: -1,
  dim: -1,
  dim0: 0,
  dim1: 1,
  downscale_factor: 2,
  dtype: "float32",
  embedding_dim: 16,
  encoder_layer: { type: "TransformerEncoderLayer", params: { nhead: 2 } },
  end: 10,
  fill_value: 0,
  groups: 1,
  hidden_size: 16,
  high: 10,
  k: 1,
  kernel_size: 3,
  length: 1,
  module: { type: "Linear", params: { out_features: 10 } },
  n: 3,
  n_classes: 10,
  nhead: 2,
  norm_type: 2,
  num_classes: 10,
  num_embeddings: 10,
  num_groups: 1,
  num_heads: 2,
  num_layers: 2,
  num_samples: 1,
  out_channels: 16,
  out_features: 10,
  output_size: 1,
  pad: [1, 1],
  padding: 1,
  shape: [1, -1],
  shifts: 1,
  source: 0,
  split_size_or_sections: 1,
  start: 0,
  steps: 5,
  threshold: 0.1,
  upscale_factor: 2,
  value: 0,
};

/** A node of this type. What is required and has no value that runs everywhere is left for the person to say. */
export function newNode({ type, params }: StarterType): NodeDoc {
  const own = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type]! : {};
  const needed = params.filter(({ name, required, inferred }) => required && !inferred && !Object.hasOwn(own, name));
  const found = needed
    .filter(({ name }) => Object.hasOwn(BY_NAME, name))
    .map(({ name }): [string, Json] => [name, name === "kernel_size" && POOLING.test(type) ? 2 : BY_NAME[name]!]);
  const all = { ...Object.fromEntries(found), ...own };
  return Object.keys(all).length > 0 ? { type, params: all } : { type };
}
