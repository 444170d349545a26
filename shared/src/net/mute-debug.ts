/** Namespaces in which the SDKs and their HTTP library print each request's Authorization header and security token. */
const NAMESPACES = ['ali-oss', 'ali-oss:*', 'httpx:*', 'lambda', 'mns:client'];

/**
 * Keeps those `debug` namespaces off, whatever DEBUG says. Affects only what is loaded afterwards, and some
 * SDKs share their `debug`: call it before importing any of them.
 */
export function muteDebug(): void {
  const { DEBUG } = process.env;
  if (!DEBUG) return;
  const names = [...DEBUG.split(/[\s,]+/), ...NAMESPACES.map((name) => `-${name}`)];
  process.env.DEBUG = [...new Set(names)].join(',');
}
