import { KeptConnections } from '../../net/kept-connections.ts';
import { muteDebug } from '../../net/mute-debug.ts';

/** The process's connections to OSS. */
export const connections = new KeptConnections();

let loading: ReturnType<typeof load> | undefined;

/**
 * Loads the SDK's client class on first use: it takes a tenth of a second, which a function that stores
 * nothing need not spend.
 */
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
  const { default: Client } = await import('ali-oss');
  return Client;
}
