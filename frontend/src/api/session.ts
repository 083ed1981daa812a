/** A random name of 128 bits: what knows it may read a network on the server. crypto.randomUUID does not exist on a page that came over plain http from another machine. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
