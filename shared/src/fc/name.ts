import { quote } from '../errors/cut.ts';
import { ConfigurationError } from '../errors/errors.ts';

/** A function as it is called: of 3.0 by its name, of 2.0 in its service. */
export interface FunctionName {
  /** Present for a function of 2.0. */
  service?: string;
  name: string;
}

const PART = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;

/** `name` for a function of 3.0, `service/name` for one of 2.0. It stands in the path, so nothing else gets through: a ConfigurationError (`InvalidFunctionName`). */
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
