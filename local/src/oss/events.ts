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

/** Who caused a change, and by which request. */
export interface Caller {
  requestId: string;
  /** Absent when anonymous. */
  requester?: Principal | undefined;
  sourceIp?: string | undefined;
}

/** Something happened to an object: listeners hear of it when it is stored, not before. */
export interface ObjectEvent extends Caller {
  name: ObjectEventName;
  bucket: string;
  key: string;
  /** Bytes; of the object removed when it was removed. */
  size: number;
  /** By how many bytes the key's size has changed. */
  deltaSize: number;
  /** Without quotes. */
  eTag: string;
  /** Milliseconds since the epoch. */
  time: number;
}

export type ObjectListener = (event: ObjectEvent) => void;
