import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Timer } from '../clock.ts';
import type { OidcIssuer } from '../identities/oidc/issuer.ts';
import type { Watchdog } from '../watchdog.ts';

const TOKEN_SECONDS = 3600;

/** Milliseconds between rewrites: a token is replaced while half of its lifetime remains. */
const REWRITE_MS = (TOKEN_SECONDS / 2) * 1000;

export interface TokenFileOptions {
  clock: Clock;
  issuer: OidcIssuer;
  audience: string;
  subject: string;
  /** Folder of the file; absent: a temporary one, removed with the file. */
  folder: string | undefined;
  /** Removes a temporary folder if this process cannot. */
  watchdog?: Watchdog;
}

/**
 * Maintains a file with a currently valid token, readable only by its owner. `close` removes it.
 */
export async function keepTokenFile(
  options: TokenFileOptions,
): Promise<{ path: string; close(): Promise<void> }> {
  const { clock, issuer, audience, subject } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'fc-local-')));
  if (options.folder === undefined) options.watchdog?.watchFolder(folder);
  const path = join(folder, 'oidc-token');
  let timer: Timer | undefined;
  let writing: Promise<void> = Promise.resolve();

  // A reader finds the old token or the new one, never part of it.
  const write = async (): Promise<void> => {
    const now = Math.floor(clock.now() / 1000);
    const claims = { sub: subject, aud: audience, iat: now, exp: now + TOKEN_SECONDS };
    await writeFile(`${path}.new`, issuer.token(claims), { mode: 0o600 });
    await chmod(`${path}.new`, 0o600);
    await rename(`${path}.new`, path);
  };
  const again = (): void => {
    timer = clock.after(REWRITE_MS, () => {
      // In sequence. The folder may be gone by now: then the token has no reader either.
      writing = writing.then(write).catch(() => {});
      again();
    });
  };
  await write();
  again();
  return {
    path,
    async close() {
      timer?.cancel();
      await writing;
      await rm(options.folder === undefined ? folder : path, { recursive: true, force: true });
    },
  };
}
