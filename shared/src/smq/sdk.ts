import { muteDebug } from '../net/mute-debug.ts';
import { overKeptConnections } from './sdk-client.ts';

let loading: ReturnType<typeof load> | undefined;

/** Loads the SDK's client class on first use: importing these helpers costs nothing. */
export function sdk(): ReturnType<typeof load> {
  // Called before each request, and an import would resolve its name anew each time.
  loading ??= load().catch((error: unknown) => {
    loading = undefined; // such as too many open files: the next use may succeed
    throw error;
  });
  return loading;
}

async function load() {
  muteDebug();
  const { default: Client } = await import('@alicloud/mns/lib/client.js');
  return overKeptConnections(Client);
}
