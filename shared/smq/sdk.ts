import { muteDebug } from '../debug.ts';

/** The SDK's client class, loaded on first use: importing these helpers costs nothing. */
export async function sdk() {
  muteDebug('mns:client', 'httpx:*');
  const { default: Client } = await import('@alicloud/mns/lib/client.js');
  return Client;
}
