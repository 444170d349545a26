import type { CredentialsProvider } from 'fc-kit/credentials';

/** One account in one region, and the credential for its requests. */
export interface Account {
  accountId: string;
  /** `cn-hangzhou`. */
  region: string;
  credentials: CredentialsProvider;
  /**
   * The variables that override addresses: FUNCTION_ENDPOINT, ROS_ENDPOINT, LOG_ENDPOINT, OSS_ENDPOINT,
   * STS_ENDPOINT.
   */
  env: NodeJS.ProcessEnv;
}
