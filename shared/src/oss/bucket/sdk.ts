import { KeptConnections } from '../../net/kept-connections.ts';
import { muteDebug } from '../../net/mute-debug.ts';

/** The process's connections to OSS. */
export const connections = new KeptConnections();

/** The SDK's client class, loaded on first use: it takes a tenth of a second, which a function that stores nothing need not spend. */
export async function sdk() {
  muteDebug();
  const { default: Client } = await import('ali-oss');
  return Client;
}
