import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

export interface Mismatch {
  /** Keys and indices from the value to the part that does not match; empty for the value itself. */
  path: string[];
  /** What is wrong with that part, as a predicate: `is 5, expected string`. */
  message: string;
}

/** Finds the parts of a value that do not match. */
export type Matcher = (value: unknown) => Mismatch[];

/** Compiles a JSON schema (draft 07). Throws an Error for an invalid one. */
export function matcherOf(schema: object): Matcher {
  // Formats are ignored, and so are keywords that editors and generators add.
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateFormats: false });
  const validate: ValidateFunction = ajv.compile(schema);
  return (value) => {
    validate(value);
    return withoutBranches(validate.errors ?? []).map(mismatchOf);
  };
}

const UNIONS = ['anyOf', 'oneOf'];

/**
 * Leaves out what is wrong by each form of a union, for a value that matches none of them: it precedes the
 * union's own error in the list.
 */
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

/** The error of a union's only form says more than that the union does not match. */
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
      return `is ${shown(data)}, expected ${[params.type].flat().join(' or ')}`;
    case 'enum':
      return `is ${shown(data)}, expected one of ${params.allowedValues.join(', ')}`;
    case 'const':
      return `is ${shown(data)}, expected ${shown(params.allowedValue)}`;
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
      return 'matches none of the allowed forms';
    case 'oneOf':
      return params.passingSchemas
        ? 'fits more than one of the forms of which it must have one'
        : 'matches none of the allowed forms';
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
