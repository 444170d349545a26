import type { Credentials, CredentialsProvider } from '../auth/credentials.ts';
import { type SteadyClock, systemClock } from '../clock/clock.ts';
import { AppError, CredentialsError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';

export interface RefreshOptions {
  clock?: SteadyClock;
}

/** A credential is renewed this long before it expires, or in the last quarter of its life if that is shorter. */
const AHEAD_MS = 15 * 60_000;
/** A request signed in the last moments of a credential would arrive after it. */
const LAST_MOMENT_MS = 5_000;
/** Pause after a failed renewal in the background; each further failure doubles it. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

interface Held {
  credentials: Credentials;
  /** On the monotonic clock, so that setting the machine's clock back does not lengthen a credential's life. */
  renewFrom: number;
  goodUntil: number;
  /** The same by the machine's clock, in milliseconds since the epoch. */
  goodUntilByDate: number;
}

/**
 * Keeps the credential that `fetch` gives and renews it before it expires.
 * - However many callers ask at once, one fetch runs at a time.
 * - Near its end the credential is renewed in the background, while the old one, still valid, is given out.
 * - After its end every caller waits for the new one: an expired credential is never given out.
 * - A failed fetch fails only the callers waiting for it; the next call tries again.
 *
 * `fetch` must give an expiration in the future; otherwise the call fails with a CredentialsError
 * (`InvalidCredentials`, `ExpiredCredentials`).
 */
export function refreshing(
  source: string,
  fetch: () => Promise<Credentials>,
  { clock = systemClock }: RefreshOptions = {},
): CredentialsProvider {
  let held: Held | undefined;
  let flight: Promise<Credentials> | undefined;
  let pauseMs = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  const renew = async (): Promise<Credentials> => {
    try {
      held = hold(source, await fetch(), clock);
      pauseMs = 0;
      pausedUntil = Number.NEGATIVE_INFINITY;
      return held.credentials;
    } catch (error) {
      pauseMs = Math.min(pauseMs * 2 || FIRST_PAUSE_MS, MAX_PAUSE_MS);
      pausedUntil = clock.monotonic() + pauseMs;
      throw asCredentialsError(source, error);
    } finally {
      flight = undefined;
    }
  };
  const renewOnce = (): Promise<Credentials> => {
    flight ??= renew();
    return flight;
  };

  return {
    async getCredentials() {
      if (!held || isOver(held, clock)) return renewOnce();
      const monotonic = clock.monotonic();
      if (monotonic >= held.renewFrom && monotonic >= pausedUntil)
        // The old one is still valid; if the renewal fails, the caller that finds it expired gets the
        // reason.
        renewOnce().catch(() => {});
      return held.credentials;
    },
  };
}

function hold(source: string, credentials: Credentials, clock: SteadyClock): Held {
  const { accessKeyId, accessKeySecret, securityToken, expiration } = credentials;
  rememberSecrets(accessKeySecret, securityToken);
  if (!accessKeyId || !accessKeySecret || !expiration)
    throw new CredentialsError(`${source} gave a credential without id, secret or expiration`, {
      code: 'InvalidCredentials',
      remedy: 'have it answer with all of them',
    });
  const lifetime = expiration - clock.now() - LAST_MOMENT_MS;
  if (lifetime <= 0)
    throw new CredentialsError(
      `${source} gave a credential that expired at ${new Date(expiration).toISOString()}`,
      {
        code: 'ExpiredCredentials',
        remedy: `check the clock of this machine, which says ${new Date(clock.now()).toISOString()}, and the source`,
      },
    );
  const goodUntil = clock.monotonic() + lifetime;
  const renewFrom = goodUntil - Math.min(AHEAD_MS, lifetime / 4);
  return { credentials, goodUntil, renewFrom, goodUntilByDate: expiration - LAST_MOMENT_MS };
}

/** Over by either clock: either of them may be the correct one. */
function isOver({ goodUntil, goodUntilByDate }: Held, clock: SteadyClock): boolean {
  return clock.monotonic() >= goodUntil || clock.now() >= goodUntilByDate;
}

function asCredentialsError(source: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new CredentialsError(`${source} gave no credential`, {
    code: 'CredentialsUnavailable',
    cause: error,
    remedy: 'see the cause; the next call tries again',
  });
}
