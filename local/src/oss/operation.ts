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

/** A request that is being handled by an operation. */
export interface Call {
  service: OssService;
  request: OssRequest;
  caller: Caller;
  /** Rate at which the request's content is sent or received. */
  pace: Pace;
  /** Checks permissions that depend on the body. Throws AccessDenied. */
  authorize(permissions: readonly Permission[]): void;
  /** Returns the signer of a form's policy. Throws when the signature or the policy is wrong. */
  asSignerOf(fields: FormFields): FormSigner;
}

/** The sender of a form; without key and policy when it is unsigned. */
export interface FormSigner {
  key: AccessKey | undefined;
  policy: PostPolicy | undefined;
  /** Throws AccessDenied. */
  authorize(permissions: readonly Permission[]): void;
}

export interface Operation {
  /** Permissions that follow from the request's head. */
  permissions(request: OssRequest): readonly Permission[];
  /** Whether a signature in the head or the URL is ignored. */
  ignoresSignature?: boolean;
  run(call: Call): Promise<Answer>;
}

/** Returns the bucket of a request that was routed to a bucket. */
export function bucketOf({ bucket }: OssRequest): string {
  if (bucket === undefined) throw new OssError('InvalidBucketName');
  return bucket;
}

/** Returns bucket and key of a request that was routed to an object. */
export function objectOf(request: OssRequest): ObjectPath {
  const bucket = bucketOf(request);
  if (request.key === undefined) throw new OssError('InvalidObjectName');
  return { bucket, key: request.key };
}
