/** A trigger of a deployed function that acts by itself. */
export interface Trigger {
  readonly name: string;
  start(): void;
  /** Takes no more events; what is under way goes on to its end. */
  stop(): void;
}
