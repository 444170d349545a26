export interface Closable {
  close(): Promise<void>;
}

/** The parts started so far, to be closed in reverse order. */
export class Started {
  readonly #services: Closable[] = [];

  add(service: Closable): void {
    this.#services.push(service);
  }

  /** Closes everything once, even if it is called again. */
  async close(): Promise<void> {
    for (const service of this.#services.splice(0).reverse()) await service.close();
  }
}
