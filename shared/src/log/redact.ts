import { AppError, InvalidInputError, ServiceError } from '../errors/errors.ts';
import { hideNamed, mayName } from './named-secrets.ts';
import { holdsRemembered, REDACTED, withoutRemembered } from './remembered.ts';
import { isOpenName, isSecretName } from './secret-names.ts';

export { REDACTED, rememberSecrets } from './remembered.ts';

/** Maximum values of one copy. Further ones are left out, never passed on unchanged. */
const MAX_VALUES = 20_000;
/** Maximum depth; a deeper line could not be written as JSON. */
const MAX_DEPTH = 500;

const LEFT_OUT = '[left out: too large]';
const CIRCULAR = '[circular]';
/** Text that replaces what throws when it is read. */
export const UNREADABLE = '[unreadable]';

/**
 * Returns `text` with the remembered secrets, the values named like secrets (`?access_token=…`,
 * `"password": "…"`, `Cookie: …`) and the user info of addresses replaced.
 */
export function redact(text: string): string {
  return hideNamed(withoutRemembered(text), { line: false });
}

/** Whether a line of JSON, with or without its line break, is one that redactLine would not change. */
export function isClean(line: string): boolean {
  return !holdsRemembered(line) && !mayName(line, true);
}

/** Redacts a line of JSON, which stays one: its own fields are left to redactFields. */
export function redactLine(line: string): string {
  return hideNamed(withoutRemembered(line), { line: true });
}

/**
 * Returns a copy of `value`, to be printed as JSON, in which every text and number in a field named like a
 * secret (`accessKeySecret`, `tokens`, `set-cookie`, …) is replaced: at any depth, also in instances of
 * classes, Maps, Sets and errors, and where name and value are a pair (`['cookie', '…']`, `{ name:
 * 'cookie', value: '…' }`, or one after the other as in `rawHeaders`). Ids of access keys are kept. Of
 * bytes only the number is given. What cannot be read is `[unreadable]`. Secrets within texts are left to
 * redact.
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
    if (typeof value !== 'object' || value === null) return value;
    if (this.#above.has(value)) return value instanceof Error ? String(value) : CIRCULAR;
    if (--this.#left < 0 || this.#above.size >= MAX_DEPTH) return LEFT_OUT;
    this.#above.add(value);
    try {
      return this.#ofObject(value, secret);
    } catch {
      // A getter, a toJSON or a Proxy that throws: the rest of the line is worth having.
      return UNREADABLE;
    } finally {
      this.#above.delete(value);
    }
  }

  #ofObject(value: object, secret: boolean): unknown {
    if (value instanceof Date) return value;
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
    // JSON has no functions, and would call one that a copy has as its toJSON.
    const entries = entriesOf(value).filter(([, field]) => typeof field !== 'function');
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

  /** A list may hold names and values in turn, or be a pair itself. */
  #ofList(list: readonly unknown[], secret: boolean): unknown[] {
    const byTurns = list.length % 2 === 0;
    return list.map((item, index) => {
      const name = byTurns && index % 2 === 1 ? list[index - 1] : undefined;
      return this.of(item, secret || isSecret(name));
    });
  }

  /** Describes an error for the logs, with its code, remedy and causes. */
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
        errors: this.of(error.errors, secret),
      }),
      ...(cause !== undefined && { cause: this.of(cause, secret) }),
    };
  }
}

/** Returns the fields JSON would print; a field that cannot be read says so. */
function entriesOf(value: object): [string, unknown][] {
  return Object.keys(value).map((name) => {
    try {
      return [name, Reflect.get(value, name)];
    } catch {
      return [name, UNREADABLE];
    }
  });
}

function isSecret(name: unknown): boolean {
  return typeof name === 'string' && name.length <= 100 && isSecretName(name) && !isOpenName(name);
}
