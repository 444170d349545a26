import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

export interface Mismatch {
  /** Keys and indices from the value to the part that does not fit; empty for the value itself. */
  path: string[];
  /** What is wrong with that part, as a predicate: `is 5, and wants string`. */
  message: string;
}

/** Finds what of a value does not fit. */
export type Matcher = (value: unknown) => Mismatch[];

/** Reads a JSON schema (draft 07). Throws an Error for one that is none. */
export function matcherOf(schema: object): Matcher {
  // Formats are passed over, and so are keywords that editors and generators add.
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateFormats: false });
  const validate: ValidateFunction = ajv.compile(schema);
  return (value) => {
    validate(value);
    return withoutBranches(validate.errors ?? []).map(mismatchOf);
  };
}

const UNIONS = ['anyOf', 'oneOf'];

/** Of a value that fits none of several forms, what is wrong by each form is left out: it is in the list before the union's own error. */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors
    .filter((error) => error.keyword !== 'if' && !isUnionOfOne(error))
    .filter(
      (error, index, rest) =>
        !rest
          .slice(index + 1)
          .some((union) => UNIONS.includes(union.keyword) && isWithin(error, union)),
    );
}

/** What its only form says is more than that it does not fit. */
function isUnionOfOne({ keyword, schema }: ErrorObject): boolean {
  return UNIONS.includes(keyword) && Array.isArray(schema) && schema.length === 1;
}

function isWithin(error: ErrorObject, union: ErrorObject): boolean {
  const { instancePath } = union;
  return error.instancePath === instancePath || error.instancePath.startsWith(`${instancePath}/`);
}

function mismatchOf(error: ErrorObject): Mismatch {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  if (error.keyword !== 'additionalProperties') return { path, message: messageOf(error) };
  return { path: [...path, error.params.additionalProperty], message: 'is not allowed here' };
}

/** In a JSON pointer, `/` in a key is `~1`, and `~` is `~0`. */
function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function messageOf({ keyword, params, data, message = 'does not fit' }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return `is ${shown(data)}, and wants ${[params.type].flat().join(' or ')}`;
    case 'enum':
      return `is ${shown(data)}, and wants one of ${params.allowedValues.join(', ')}`;
    case 'const':
      return `is ${shown(data)}, and wants ${shown(params.allowedValue)}`;
    case 'required':
      return `lacks ${params.missingProperty}`;
    case 'pattern':
      return `does not match ${params.pattern}`;
    case 'minimum':
    case 'minLength':
      return `is under ${params.limit}`;
    case 'maximum':
    case 'maxLength':
      return `is over ${params.limit}`;
    case 'anyOf':
      return 'fits none of the forms it may have';
    case 'oneOf':
      return params.passingSchemas
        ? 'fits more than one of the forms of which it must have one'
        : 'fits none of the forms it may have';
    case 'not':
      return 'has a form it must not have';
    case 'false schema':
      return 'is not allowed here';
    default:
      return message;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
