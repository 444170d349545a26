/** A key pair, with a security token when it is temporary. */
export interface Credentials {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  /** Milliseconds since the epoch; absent when the credential does not expire or the source does not say. */
  expiration?: number;
}

/** A source of credentials. Each method of obtaining them is one of these. */
export interface CredentialsProvider {
  getCredentials(): Promise<Credentials>;
}
