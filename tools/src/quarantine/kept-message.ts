import type { QuarantineEntry } from 'fc-kit/consume';

/** A message in quarantine, in a bucket or in a queue. */
export interface KeptMessage {
  /** The id of the message. */
  id: string;
  /** Where it is kept: the object's key, or `<queue>/<message id>`. */
  place: string;
  /** Reads the entry. Throws an InvalidInputError for an object that is no entry. */
  read(): Promise<QuarantineEntry>;
  /** Removes it from quarantine for good. */
  remove(): Promise<void>;
}
