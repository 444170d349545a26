/** Thrown, and caught, inside the reader of plain YAML for a text that it leaves to another. */
export class NotPlain extends Error {}
