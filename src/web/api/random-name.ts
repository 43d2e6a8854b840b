/** A name that nothing else has. `crypto.randomUUID` would ask for HTTPS when the server is on another machine. */
export function randomName(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join("-");
}
