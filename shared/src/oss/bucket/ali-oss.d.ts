import type * as http from 'node:http';
import type * as https from 'node:https';
import 'ali-oss';
import type { OssAnswer, OssSending } from './transport.ts';

/** Options that `ali-oss` 6.23.0 accepts and `@types/ali-oss` 6.23.3 lacks. */
declare module 'ali-oss' {
  interface Options {
    /** How often a request without an answer is sent again; a stream never is. */
    retryMax?: number;
    /** Called before each of those; false lets the error through. */
    requestErrorRetryHandle?(error: Error): boolean;
    /** Path style: the bucket in the path instead of the host name. */
    sldEnable?: boolean;
    agent?: http.Agent;
    httpsAgent?: https.Agent;
    /** Sends the requests, over agents of its own choice. */
    urllib?: { request(url: string, sending: OssSending): Promise<OssAnswer> };
  }
}
