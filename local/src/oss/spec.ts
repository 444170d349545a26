/** A bucket as a project declares it. */
export interface BucketSpec {
  name: string;
  acl: 'private' | 'public-read' | 'public-read-write';
  /** Whether public ACLs are refused. When left out: as of a new bucket if its ACL is private. */
  blockPublicAccess?: boolean;
  /** Of its objects, where they say no other; it does not change once the bucket is there. */
  storageClass?: 'Standard' | 'IA' | 'Archive';
  redundancy?: 'LRS' | 'ZRS';
  cors?: CorsConfiguration;
  lifecycle?: LifecycleRule[];
  tags?: [key: string, value: string][];
  /** Of objects that say no other. */
  encryption?: 'AES256';
}

/** Which pages a browser lets use a bucket; the first rule that fits counts. */
export interface CorsConfiguration {
  rules: CorsRule[];
  /** Whether every answer says that it depends on the Origin. */
  responseVary: boolean;
}

export interface CorsRule {
  /** Each with one `*` at most, which matches anything. */
  allowedOrigins: string[];
  allowedMethods: string[];
  /** As the origins; case does not matter. */
  allowedHeaders: string[];
  exposeHeaders: string[];
  maxAgeSeconds?: number;
}

/** What is removed by itself: objects, or unfinished uploads, of the keys that start with the prefix. */
export interface LifecycleRule {
  id: string;
  prefix: string;
  enabled: boolean;
  /** Objects must have all of them. */
  tags: [key: string, value: string][];
  expiration?: LifecycleAge;
  abortMultipartUpload?: LifecycleAge;
}

/** How old it has to be: in days, or from before a date (milliseconds since the epoch). */
export type LifecycleAge = { days: number } | { createdBefore: number };
