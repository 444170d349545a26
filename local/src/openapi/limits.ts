/** Maximum difference between a request's date and the server's, either way. */
export const MAX_DATE_SKEW_MS = 15 * 60 * 1000;
/**
 * How long a nonce is remembered: as long as a request dated at the far end of the skew can be
 * replayed.
 */
export const NONCE_KEPT_MS = 2 * MAX_DATE_SKEW_MS;
/** About 20 MB; beyond it the oldest is dropped. */
export const MAX_NONCES = 100_000;

export const MAX_BODY_BYTES = 1024 * 1024;
/** SDKs put an OIDC token, of up to 20,000 characters, into the query. */
export const MAX_HEAD_BYTES = 64 * 1024;

export const DEFAULT_SESSION_SECONDS = 3600;
/** Maximum length of a session policy, in characters. */
export const MAX_POLICY_CHARACTERS = 2048;
export const OIDC_TOKEN_CHARACTERS = { min: 4, max: 20_000 } as const;

/** Range of a metadata token's lifetime. */
export const METADATA_TOKEN_SECONDS = { min: 1, max: 21_600 } as const;
export const MAX_METADATA_TOKENS = 10_000;
/** Lifetime of an instance's credential, and how long before its end the next one is issued. */
export const INSTANCE_CREDENTIAL_SECONDS = 6 * 60 * 60;
export const INSTANCE_CREDENTIAL_AHEAD_MS = 30 * 60 * 1000;
