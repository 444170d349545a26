/** A bucket as a project declares it. */
export interface BucketSpec {
  name: string;
  acl: 'private' | 'public-read' | 'public-read-write';
  /** Whether public ACLs are refused. Absent: as for a new bucket if its ACL is private. */
  blockPublicAccess?: boolean;
  /** Default storage class of its objects; it does not change once the bucket exists. */
  storageClass?: 'Standard' | 'IA' | 'Archive';
  redundancy?: 'LRS' | 'ZRS';
  cors?: CorsConfiguration;
  lifecycle?: LifecycleRule[];
  tags?: [key: string, value: string][];
  /** Default encryption of its objects. */
  encryption?: 'AES256';
}

/** Rules for which pages a browser lets use a bucket; the first matching rule counts. */
export interface CorsConfiguration {
  rules: CorsRule[];
  /** Whether every answer has `Vary: Origin`. */
  responseVary: boolean;
}

export interface CorsRule {
  /** Each with at most one `*`, which matches anything. */
  allowedOrigins: string[];
  allowedMethods: string[];
  /** Patterns like those of origins; case is ignored. */
  allowedHeaders: string[];
  exposeHeaders: string[];
  maxAgeSeconds?: number;
}

/** A rule that removes objects, or unfinished uploads, whose keys start with the prefix. */
export interface LifecycleRule {
  id: string;
  prefix: string;
  enabled: boolean;
  /** Objects must have all of these tags. */
  tags: [key: string, value: string][];
  expiration?: LifecycleAge;
  abortMultipartUpload?: LifecycleAge;
}

/** Age at which it applies: in days, or created before a date (milliseconds since the epoch). */
export type LifecycleAge = { days: number } | { createdBefore: number };
