/** A trigger of a deployed function that acts by itself. */
export interface Trigger {
  readonly name: string;
  start(): void;
  /** Takes no more events; those in progress are completed. */
  stop(): void;
}
