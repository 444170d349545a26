import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Policy } from './policy.ts';
import type { AccessKey, Principal } from './types.ts';

/** How long an expired key is still distinguished from an unknown one, in milliseconds. */
const EXPIRED_KEPT_MS = 60 * 60 * 1000;
/**
 * About 100 MB. Beyond it the oldest tenth is dropped, expired or not: those belong to long-past
 * invocations.
 */
const MAX_KEPT = 100_000;
const MIN_SWEEP = 1024;

const ID_LENGTH = 24;
const SECRET_LENGTH = 44;
const TOKEN_BYTES = 96;

export interface Session extends AccessKey {
  securityToken: string;
  expiration: number;
  role: string;
  /** The session policy, which restricts the role's permissions. */
  policy?: Policy;
}

export interface SessionSpec {
  principal: Principal;
  role: string;
  durationSeconds: number;
  policy?: Policy;
}

/** The temporary keys that were issued. Keys that expired an hour ago are dropped. */
export class IssuedKeys {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #sessions = new Map<string, Session>();
  #sweepAt = MIN_SWEEP;

  constructor(clock: Clock, max: number = MAX_KEPT) {
    this.#clock = clock;
    this.#max = max;
  }

  /** Number of stored keys. */
  get size(): number {
    return this.#sessions.size;
  }

  issue({ durationSeconds, ...spec }: SessionSpec): Session {
    const session: Session = {
      ...spec,
      accessKeyId: `STS.N${randomText(ID_LENGTH)}`,
      accessKeySecret: randomText(SECRET_LENGTH),
      securityToken: `CAIS${randomBytes(TOKEN_BYTES).toString('base64')}`,
      expiration: wholeSeconds(this.#clock.now()) + durationSeconds * 1000,
    };
    this.#makeRoom();
    this.#sessions.set(session.accessKeyId, session);
    return session;
  }

  find(accessKeyId: string): Session | undefined {
    const session = this.#sessions.get(accessKeyId);
    return session && !this.#isForgotten(session) ? session : undefined;
  }

  #makeRoom(): void {
    if (this.#sessions.size < this.#sweepAt) return;
    for (const [id, session] of this.#sessions)
      if (this.#isForgotten(session)) this.#sessions.delete(id);
    if (this.#sessions.size >= this.#max) this.#dropOldest(this.#max / 10);
    this.#sweepAt = Math.min(this.#max, Math.max(MIN_SWEEP, this.#sessions.size * 2));
  }

  #dropOldest(count: number): void {
    for (const id of this.#sessions.keys()) {
      if (count-- <= 0) return;
      this.#sessions.delete(id);
    }
  }

  #isForgotten(session: Session): boolean {
    return session.expiration + EXPIRED_KEPT_MS < this.#clock.now();
  }
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** Returns letters and digits, as in STS's ids and secrets. */
function randomText(length: number): string {
  return randomBytes(length).toString('base64url').replace(/[-_]/g, 'x').slice(0, length);
}
