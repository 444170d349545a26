import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { MAX_NONCES, NONCE_KEPT_MS } from './limits.ts';

/** Recent nonces (half an hour), to reject replays. */
export class Nonces {
  readonly #clock: Clock;
  /** Digest of key id and nonce, and when it can be dropped; oldest first. */
  readonly #used = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records the nonce; returns false when that key has used it before. */
  use(accessKeyId: string, nonce: string): boolean {
    this.#forget();
    const digest = createHash('sha256').update(`${accessKeyId}\n${nonce}`).digest('base64');
    if (this.#used.has(digest)) return false;
    this.#used.set(digest, this.#clock.now() + NONCE_KEPT_MS);
    return true;
  }

  #forget(): void {
    const now = this.#clock.now();
    for (const [digest, until] of this.#used) {
      if (until > now && this.#used.size < MAX_NONCES) return;
      this.#used.delete(digest);
    }
  }
}
