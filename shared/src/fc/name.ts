import { quote } from '../errors/cut.ts';
import { ConfigurationError } from '../errors/errors.ts';

/** A function's name in a call: an FC 3.0 function by its name, an FC 2.0 function within its service. */
export interface FunctionName {
  /** Present for an FC 2.0 function. */
  service?: string;
  name: string;
}

const PART = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;

/**
 * Parses `name` of an FC 3.0 function or `service/name` of an FC 2.0 one. It becomes part of the request's
 * path, so anything else throws a ConfigurationError (`InvalidFunctionName`).
 */
export function parseFunctionName(text: string): FunctionName {
  const parts = text.split('/', 3);
  const [first = '', second] = parts;
  if (parts.length > 2 || !parts.every((part) => PART.test(part)))
    throw new ConfigurationError(`Function is named ${quote(text)}`, {
      code: 'InvalidFunctionName',
      remedy: 'give name for a 3.0 function, service/name for a 2.0 one',
    });
  return second === undefined ? { name: first } : { service: first, name: second };
}
