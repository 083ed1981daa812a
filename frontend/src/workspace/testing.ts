/** A small catalogue for tests, in the server's own form. */
import type { LayerParam, LayerPort, LayerType } from "@/api/answer";
import { catalogueOf } from "@/editor/catalogue";

const port = (name: string, more: Partial<LayerPort> = {}): LayerPort => ({
  name,
  optional: false,
  many: false,
  label: null,
  when: null,
  ...more,
});

const param = (name: string, more: Partial<LayerParam> = {}): LayerParam => ({
  name,
  kind: "int",
  default: null,
  required: false,
  inferred: false,
  min: null,
  max: null,
  choices: null,
  length: null,
  nullable: false,
  forward: false,
  summary: "",
  ...more,
});

function layer(type: string, family: string, more: Partial<LayerType>): LayerType {
  return {
    type,
    form: /^[A-Z]/.test(type) ? "module" : "function",
    family,
    summary: "",
    doc: "",
    params: [],
    inputs: [port("input")],
    outputs: [{ name: "output", when: null }],
    list_output: false,
    aliases: [],
    code: "",
    ...more,
  };
}

export const types = catalogueOf([
  layer("Input", "Inputs and outputs", {
    form: "own",
    inputs: [],
    params: [param("shape", { kind: "ints" }), param("fill", { default: "randn" })],
  }),
  layer("Output", "Inputs and outputs", { form: "own", inputs: [port("value")] }),
  layer("Linear", "Linear", {
    params: [
      param("in_features", { required: true, inferred: true }),
      param("out_features", { required: true }),
      param("bias", { kind: "bool", default: true }),
    ],
  }),
  layer("Conv2d", "Convolution", { params: [param("in_channels", { required: true, inferred: true })] }),
  layer("Conv1d", "Convolution", {}),
  layer("MaxPool2d", "Pooling", { params: [param("kernel_size", { required: true })] }),
  layer("Embedding", "Embedding", {}),
  layer("LSTM", "Recurrent", {
    inputs: [port("input"), port("hx", { optional: true, many: true })],
    outputs: ["output", "h_n", "c_n"].map((name) => ({ name, when: null })),
  }),
  layer("add", "Arithmetic", { inputs: [port("input"), port("other")] }),
  layer("cat", "Joining", { inputs: [port("tensors", { many: true })] }),
  layer("chunk", "Joining", { list_output: true, outputs: [] }),
]);
