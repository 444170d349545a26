/**
 * Keeps the output of these `debug` namespaces off, whatever DEBUG says: the SDKs print each
 * request's Authorization header and security token there. Takes effect on what is loaded
 * afterwards, so call it before the SDK's import.
 */
export function muteDebug(...namespaces: string[]): void {
  const { DEBUG } = process.env;
  if (!DEBUG) return;
  const names = DEBUG.split(/[\s,]+/);
  process.env.DEBUG = [...new Set([...names, ...namespaces.map((name) => `-${name}`)])].join(',');
}
