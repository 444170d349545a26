import * as http from 'node:http';
import * as https from 'node:https';
import { KEEP_ALIVE } from '../../net/keep-alive.ts';
import { muteDebug } from '../../net/mute-debug.ts';

/** The process's connections to OSS. They outlive a client: they belong to no credential. */
export const agent = new http.Agent(KEEP_ALIVE);
export const httpsAgent = new https.Agent(KEEP_ALIVE);

/** The SDK's client class, loaded on first use: it takes a tenth of a second, which a function that stores nothing need not spend. */
export async function sdk() {
  muteDebug();
  const { default: Client } = await import('ali-oss');
  return Client;
}
