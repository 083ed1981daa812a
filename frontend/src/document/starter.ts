/** A new node as it is put on the canvas: with settings that run, so that shapes are there at once. */
import type { Json, NodeDoc } from "./document";

/** What is needed to know of a type. */
export interface StarterType {
  type: string;
  params: readonly { name: string; required: boolean; inferred: boolean }[];
}

/** Values for parameters that torch requires and the input does not decide; by type where the name alone does not tell. */
const VALUES: Record<string, Json> = {
  chunks: 2,
  cutoffs: [2],
  decoder_layer: { type: "TransformerDecoderLayer", params: { nhead: 2 } },
  destination: -1,
  dim: -1,
  dim0: 0,
  dim1: 1,
  axis0: 0,
  axis1: 1,
  downscale_factor: 2,
  dtype: "float32",
  embedding_dim: 16,
  encoder_layer: { type: "TransformerEncoderLayer", params: { nhead: 2 } },
  end: 10,
  fill_value: 0,
  groups: 1,
  hidden_size: 16,
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
  out_channels: 16,
  out_features: 10,
  output_size: 1,
  pad: [1, 1],
  padding: 1,
  shape: [-1],
  shifts: 1,
  source: 0,
  split_size_or_sections: 1,
  steps: 5,
  threshold: 0.1,
  upscale_factor: 2,
  value: 0,
  "CrossMapLRN2d.size": 5,
  "LocalResponseNorm.size": 5,
  "local_response_norm.size": 5,
  "zeros.size": [1],
  "ones.size": [1],
  "full.size": [1],
  "flip.dims": [-1],
  "unsqueeze.dim": 0,
  "cumsum.dim": 0,
  "cumprod.dim": 0,
  "MaxPool1d.kernel_size": 2,
  "MaxPool2d.kernel_size": 2,
  "MaxPool3d.kernel_size": 2,
  "AvgPool1d.kernel_size": 2,
  "AvgPool2d.kernel_size": 2,
  "AvgPool3d.kernel_size": 2,
  "max_pool1d.kernel_size": 2,
  "max_pool2d.kernel_size": 2,
  "max_pool3d.kernel_size": 2,
  "avg_pool1d.kernel_size": 2,
  "avg_pool2d.kernel_size": 2,
  "avg_pool3d.kernel_size": 2,
  "min_pool2d.kernel_size": 2,
};

/** Types whose shape torch does not ask for, but without which there is nothing to see. */
const SHAPES: Record<string, Json> = { Input: [1, 1, 28, 28], Parameter: [1], Constant: [1] };

/** A node of this type. What is required and has no value that runs everywhere is left for the person to say. */
export function newNode({ type, params }: StarterType): NodeDoc {
  const found: [string, Json][] = [];
  if (Object.hasOwn(SHAPES, type)) found.push(["shape", SHAPES[type]!]);
  for (const { name, required, inferred } of params) {
    if (!required || inferred || found.some(([known]) => known === name)) continue;
    const value = valueFor(`${type}.${name}`) ?? valueFor(name);
    if (value !== undefined) found.push([name, value]);
  }
  return found.length > 0 ? { type, params: Object.fromEntries(found) } : { type };
}

function valueFor(key: string): Json | undefined {
  return Object.hasOwn(VALUES, key) ? VALUES[key] : undefined;
}
