/** The beginning of an event or an answer. */
export interface Excerpt {
  content: Buffer;
  /** Size of the whole, in bytes. */
  size: number;
}

/** One attempt of an invocation, as stored by the console. */
export interface PastInvocation {
  functionName: string;
  requestId: string;
  /** Its end, in milliseconds since the epoch. */
  at: number;
  durationMs: number;
  coldStart: boolean;
  instanceId?: string;
  errorType?: string;
  /** How its process ended, if that left it without an answer. */
  ended?: string;
  /** Status that a caller of its HTTP trigger gets, or would get. */
  status?: number;
  event: Excerpt;
  answer: Excerpt;
}
