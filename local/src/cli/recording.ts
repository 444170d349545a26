import { withoutSecrets as withoutSecretFields } from '../console/secrets.ts';
import { HIDDEN, isSecretName } from '../secrets.ts';
import { UsageError } from './errors.ts';

/** One invocation as stored in a fixture. */
export interface Recording {
  function: string;
  /** ISO 8601. */
  at: string;
  event: Content;
  answer: Content & { errorType?: string };
}

/** JSON as parsed, text unchanged, anything else in base64. */
export type Content = { json: unknown } | { text: string } | { base64: string };

/** One line that the running cloud sends about its invocations. */
export interface InvocationLine {
  at: number;
  event: string;
  body: string;
  errorType?: string;
}

/**
 * Returns a fixture of an invocation, without fields that are named like a secret and values that
 * look like one.
 */
export function recordingOf(
  name: string,
  { at, event, body, errorType }: InvocationLine,
): Recording {
  return {
    function: name,
    at: new Date(at).toISOString(),
    event: contentOf(Buffer.from(event, 'base64')),
    answer: { ...contentOf(Buffer.from(body, 'base64')), ...(errorType && { errorType }) },
  };
}

/** Reads a fixture. Throws UsageError for anything else. */
export function parseRecording(text: string, file: string): Recording {
  try {
    const value: Recording = JSON.parse(text);
    if (typeof value.function === 'string' && value.event && value.answer) return value;
  } catch {
    // Reported below, as for JSON of another form.
  }
  throw new UsageError(`${file} is no recording; make one with fc-local record <function>`);
}

export function bytesOf(content: Content): Buffer {
  if ('json' in content) return Buffer.from(JSON.stringify(content.json));
  if ('text' in content) return Buffer.from(content.text);
  return Buffer.from(content.base64, 'base64');
}

function contentOf(bytes: Buffer): Content {
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) return { base64: bytes.toString('base64') };
  try {
    return { json: withoutSecrets(JSON.parse(text)) };
  } catch {
    return { text: hideSecrets(text) };
  }
}

/**
 * Returns a copy without the texts under secret names, at any depth. JSON in a string, as in a
 * body, is searched as well.
 */
function withoutSecrets(value: unknown, isSecret = false): unknown {
  if (typeof value === 'string') return isSecret ? HIDDEN : withoutSecretsInText(value);
  if (Array.isArray(value))
    return value.map((item, at) => withoutSecrets(item, isSecret || isValueByTurns(value, at)));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const namesSecret = fields.some(
    ([name, field]) => /^(?:name|key)$/i.test(name) && isSecretText(field),
  );
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      withoutSecrets(
        field,
        isSecret || isSecretName(name) || (namesSecret && /^value$/i.test(name)),
      ),
    ]),
  );
}

/**
 * Returns whether it follows a secret's name in a list of alternating names and values, such as
 * `rawHeaders`.
 */
function isValueByTurns(list: readonly unknown[], at: number): boolean {
  return list.length % 2 === 0 && at % 2 === 1 && isSecretText(list[at - 1]);
}

function isSecretText(value: unknown): boolean {
  return typeof value === 'string' && isSecretName(value);
}

function withoutSecretsInText(text: string): string {
  if (/^\s*[{[]/.test(text))
    try {
      return JSON.stringify(withoutSecrets(JSON.parse(text)));
    } catch {
      // Not JSON after all.
    }
  return hideSecrets(text);
}

/**
 * Hides fields of near-JSON, AccessKey ids, STS tokens, bearer tokens and signatures in addresses.
 */
function hideSecrets(text: string): string {
  return withoutSecretFields(text)
    .replace(/\b(?:LTAI|STS\.)[\w.-]{10,}/g, HIDDEN)
    .replace(/\bCAIS[\w+/=-]{20,}/g, HIDDEN)
    .replace(/\b(Bearer|Basic) [\w.~+/=-]+/gi, `$1 ${HIDDEN}`)
    .replace(/((?:signature|security-?token|accesskeyid)=)[^&\s"]+/gi, `$1${HIDDEN}`);
}
