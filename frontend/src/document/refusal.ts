/** A command that cannot be carried out. Its message says why, in words for the person who gave it. */
export class Refusal extends Error {
  override name = "Refusal";
}
