import { LocalCloudError } from '../errors.ts';
import { DEFAULTS, type LocalCloudOptions, type PortOption } from '../options.ts';

const MAX_PORT = 65_535;

/** Default ports of a local cloud's services. */
const USUAL = new Set<number>([
  DEFAULTS.smqPort,
  DEFAULTS.ossPort,
  DEFAULTS.openapiPort,
  DEFAULTS.fcPort,
  DEFAULTS.consolePort,
]);

/**
 * Starts a service on the port of that option, or on any free one without it. Where the options let
 * that port give way and it is taken, the service gets the next free one that is no other service's
 * default, and `say` reports it. Throws what `start` throws.
 */
export async function onFreePort<T extends { port: number }>(
  name: string,
  option: PortOption,
  options: LocalCloudOptions,
  say: (line: string) => void,
  start: (port: number) => Promise<T>,
): Promise<T> {
  const wanted = options[option] ?? 0;
  if (wanted === 0 || !options.flexiblePorts?.includes(option)) return start(wanted);
  for (let port: number = wanted; ; port = next(port)) {
    try {
      const started = await start(port);
      if (port !== wanted) say(`${name}: port ${wanted} is taken, so it is at ${port}`);
      return started;
    } catch (error) {
      const taken = error instanceof LocalCloudError && error.code === 'PortTaken';
      if (!taken || port >= MAX_PORT) throw error;
    }
  }
}

function next(port: number): number {
  const following = port + 1;
  return USUAL.has(following) ? next(following) : following;
}
