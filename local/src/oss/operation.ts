import type { Readable } from 'node:stream';
import type { AccessKey } from '../identities/types.ts';
import type { Permission } from './authorize.ts';
import type { ObjectPath } from './core/objects.ts';
import { OssError } from './errors.ts';
import type { Caller } from './events.ts';
import type { Pace } from './pace.ts';
import type { FormFields } from './post/authenticate-form.ts';
import type { PostPolicy } from './post/policy.ts';
import type { OssRequest } from './request.ts';
import type { OssService } from './service.ts';

export interface Answer {
  status: number;
  /** Values are bytes (one character each). */
  headers?: Record<string, string>;
  body?: string | Buffer | Readable;
}

/** A request on its way through an operation. */
export interface Call {
  service: OssService;
  request: OssRequest;
  caller: Caller;
  /** How fast the request's content may go. */
  pace: Pace;
  /** For permissions that only the body tells. Throws AccessDenied. */
  authorize(permissions: readonly Permission[]): void;
  /** Whoever signed a form's policy. Throws what is wrong with the signature or the policy. */
  asSignerOf(fields: FormFields): FormSigner;
}

/** Who sent a form; without key and policy when no one signed it. */
export interface FormSigner {
  key: AccessKey | undefined;
  policy: PostPolicy | undefined;
  /** Throws AccessDenied. */
  authorize(permissions: readonly Permission[]): void;
}

export interface Operation {
  /** What the request's head says must be allowed. */
  permissions(request: OssRequest): readonly Permission[];
  /** A signature in the head or the URL is not looked at. */
  ignoresSignature?: boolean;
  run(call: Call): Promise<Answer>;
}

/** The bucket of a request that was routed to a bucket. */
export function bucketOf({ bucket }: OssRequest): string {
  if (bucket === undefined) throw new OssError('InvalidBucketName');
  return bucket;
}

/** Bucket and key of a request that was routed to an object. */
export function objectOf(request: OssRequest): ObjectPath {
  const bucket = bucketOf(request);
  if (request.key === undefined) throw new OssError('InvalidObjectName');
  return { bucket, key: request.key };
}
