import { quote } from '../errors/cut.ts';
import { ConfigurationError } from '../errors/errors.ts';

/**
 * Returns the named environment variables, each set and not blank. Throws a ConfigurationError that names
 * every missing one. The names are those under environmentVariables in s.yaml.
 */
export function environment<Name extends string>(
  names: readonly Name[],
  env: NodeJS.ProcessEnv = process.env,
): Record<Name, string> {
  const missing = names.filter((name) => !env[name]?.trim());
  if (missing.length > 0)
    throw new ConfigurationError(`Environment lacks ${missing.join(', ')}`, {
      code: 'MissingEnvironment',
      remedy: "set it under the function's environmentVariables in s.yaml",
    });
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<Name, string>;
}

/**
 * Returns the value of a variable as a whole number from 0. Throws a ConfigurationError
 * (`InvalidEnvironment`) for any other value.
 */
export function wholeNumber(name: string, value: string): number {
  if (/^\d{1,15}$/.test(value.trim())) return Number(value);
  throw new ConfigurationError(`${name} is ${quote(value)}`, {
    code: 'InvalidEnvironment',
    remedy: 'give a whole number',
  });
}
