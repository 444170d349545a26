import { AppError, InvalidInputError, ServiceError } from '../errors/errors.ts';
import { hideNamed } from './named-secrets.ts';
import { REDACTED, withoutRemembered } from './remembered.ts';
import { isOpenName, isSecretName } from './secret-names.ts';

export { REDACTED, rememberSecrets } from './remembered.ts';

/** Values of one copy. What is beyond is left out, never passed on as it is. */
const MAX_VALUES = 20_000;
/** A line nested deeper is none that JSON could be made of. */
const MAX_DEPTH = 500;

const LEFT_OUT = '[left out: too large]';
const CIRCULAR = '[circular]';

/**
 * `text` with each remembered secret replaced, each value that is named like one (`?access_token=…`,
 * `"password": "…"`, `Cookie: …`), and the user info of addresses.
 */
export function redact(text: string): string {
  return hideNamed(withoutRemembered(text), { line: false });
}

/** As redact, of a line of JSON, which stays one: its own fields are for redactFields. */
export function redactLine(line: string): string {
  return hideNamed(withoutRemembered(line), { line: true });
}

/**
 * A copy of `value`, to be printed as JSON, in which every text and number in a field named like a secret
 * (`accessKeySecret`, `tokens`, `set-cookie`, …) is replaced: at any depth, in instances of classes,
 * Maps, Sets and errors too, and where name and value are a pair (`['cookie', '…']`,
 * `{ name: 'cookie', value: '…' }`, or one after the other as in `rawHeaders`). Ids of access keys
 * stay. Bytes are given by their number. What texts say themselves is for redact.
 */
export function redactFields(value: unknown): unknown {
  return new Copy().of(value, false);
}

class Copy {
  #left = MAX_VALUES;
  readonly #above = new Set<object>();

  of(value: unknown, secret: boolean): unknown {
    if (typeof value === 'string') return secret ? REDACTED : value;
    if (secret && (typeof value === 'number' || typeof value === 'bigint')) return REDACTED;
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    if (this.#above.has(value)) return value instanceof Error ? String(value) : CIRCULAR;
    if (--this.#left < 0 || this.#above.size >= MAX_DEPTH) return LEFT_OUT;
    this.#above.add(value);
    try {
      return this.#ofObject(value, secret);
    } finally {
      this.#above.delete(value);
    }
  }

  #ofObject(value: object, secret: boolean): unknown {
    if (value instanceof Error) return this.#ofError(value, secret);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return `[${value.byteLength} bytes]`;
    if (value instanceof Map) return this.#ofMap(value, secret);
    if (value instanceof Set) return this.#ofList([...value], secret);
    if (Array.isArray(value)) return this.#ofList(value, secret);
    if ('toJSON' in value && typeof value.toJSON === 'function')
      return this.of(value.toJSON(), secret);
    return this.#ofFields(value, secret);
  }

  #ofFields(value: object, secret: boolean): unknown {
    const entries = entriesOf(value);
    const namesSecret = entries.some(
      ([name, field]) => /^(?:name|key)$/i.test(name) && isSecret(field),
    );
    return Object.fromEntries(
      entries.map(([name, field]) => [
        name,
        this.of(field, this.#isSecretField(name, secret) || (namesSecret && /^value$/i.test(name))),
      ]),
    );
  }

  #isSecretField(name: string, secret: boolean): boolean {
    return !isOpenName(name) && (secret || isSecretName(name));
  }

  #ofMap(map: Map<unknown, unknown>, secret: boolean): unknown {
    if ([...map.keys()].every((key) => typeof key === 'string'))
      return this.#ofFields(Object.fromEntries(map), secret);
    return this.#ofList([...map], secret);
  }

  /** A list may be one of names and values by turns, or itself a pair. */
  #ofList(list: readonly unknown[], secret: boolean): unknown[] {
    const byTurns = list.length % 2 === 0;
    return list.map((item, index) => {
      const name = byTurns && index % 2 === 1 ? list[index - 1] : undefined;
      return this.of(item, secret || isSecret(name));
    });
  }

  /** An error as the logs show it: with its code, remedy and causes. */
  #ofError(error: Error, secret: boolean): unknown {
    const { name, message, stack, cause } = error;
    return {
      name,
      message,
      ...('code' in error && typeof error.code === 'string' && { code: error.code }),
      ...(error instanceof AppError && { remedy: error.remedy }),
      ...(error instanceof InvalidInputError && { issues: error.issues }),
      ...(error instanceof ServiceError && {
        service: error.service,
        status: error.status,
        serviceRequestId: error.requestId,
      }),
      stack,
      ...(error instanceof AggregateError && {
        errors: error.errors.map((one) => this.of(one, secret)),
      }),
      ...(cause !== undefined && { cause: this.of(cause, secret) }),
    };
  }
}

/** What JSON would print of it; a field that cannot be read says so. */
function entriesOf(value: object): [string, unknown][] {
  return Object.keys(value).map((name) => {
    try {
      return [name, Reflect.get(value, name)];
    } catch {
      return [name, '[unreadable]'];
    }
  });
}

function isSecret(name: unknown): boolean {
  return typeof name === 'string' && name.length <= 100 && isSecretName(name) && !isOpenName(name);
}
