import type { QuarantineEntry } from 'fc-kit/consume';

/** A message in quarantine, in a bucket or in a queue. */
export interface KeptMessage {
  /** The id of the message. */
  id: string;
  /** Where it is kept: the object's key, or `<queue>/<message id>`. */
  place: string;
  /** Throws an InvalidInputError for what is no entry. */
  read(): Promise<QuarantineEntry>;
  /** Takes it out of quarantine for good. */
  remove(): Promise<void>;
}
