import type { Principal } from '../identities/types.ts';

export type ObjectEventName =
  | 'ObjectCreated:PutObject'
  | 'ObjectCreated:PostObject'
  | 'ObjectCreated:CopyObject'
  | 'ObjectCreated:AppendObject'
  | 'ObjectCreated:PutSymlink'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:DeleteObject'
  | 'ObjectRemoved:DeleteObjects';

/** The origin of a change: who made it, by which request. */
export interface Caller {
  requestId: string;
  /** Absent when anonymous. */
  requester?: Principal | undefined;
  sourceIp?: string | undefined;
}

/** A change of an object; listeners are notified after it is stored, not before. */
export interface ObjectEvent extends Caller {
  name: ObjectEventName;
  bucket: string;
  key: string;
  /** Bytes; after a removal, those of the removed object. */
  size: number;
  /** Change of the key's size, in bytes. */
  deltaSize: number;
  /** Without quotes. */
  eTag: string;
  /** Milliseconds since the epoch. */
  time: number;
}

export type ObjectListener = (event: ObjectEvent) => void;
