import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Fields, LocalCloudError, parseYaml } from 'fc-local/project';

/** What the deploy tool needs of a key pair, by its own names. */
const PARTS = ['AccountID', 'AccessKeyID', 'AccessKeySecret'];

/** An alias of this form is the name of a variable that holds the parts as JSON. */
const VARIABLE = /_serverless_devs_key$/;

/** This alias means the pair of the aliyun CLI, with the account it belongs to. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the deploy tool's own name for it.
const ALIYUN_CLI = '${aliyun-cli}';

/**
 * Throws LocalCloudError when the deploy tool would find no key pair with its account under the
 * alias: it would ask for one, or fail half way. It looks, as the tool does, at variables first, and
 * not at ALIBABA_CLOUD_ACCESS_KEY_ID, which the tool does not read.
 */
export function requireAccess(alias: string, env: NodeJS.ProcessEnv, home = homedir()): void {
  if (alias === ALIYUN_CLI) return;
  const file = readAccessFile(join(env.serverless_devs_config_home ?? home, '.s', 'access.yaml'));
  const found = partsInVariables(alias, env) ?? file?.map(alias);
  if (!found)
    throw new LocalCloudError(
      'NoAccess',
      `There is no key pair under the alias "${alias}" (there is ${file?.keys.join(', ') || 'none'})`,
      `npx s config add -a ${alias} asks for a RAM user's pair and the account's id; a CI sets ${PARTS.join(', ')}`,
    );
  const missing = PARTS.filter(
    (part) => !(found instanceof Fields ? found.has(part) : found[part]),
  );
  if (missing.length > 0)
    throw new LocalCloudError(
      'NoAccess',
      `The key pair for the alias "${alias}" has no ${missing.join(', ')}`,
      `give all of ${PARTS.join(', ')}; npx s config add -a ${alias} asks for them`,
    );
}

/** The tool encrypts the values in its file, not the names. */
function readAccessFile(path: string): Fields | undefined {
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return text === '' ? undefined : new Fields(parseYaml(text, path), path);
}

/** The three variables count for every alias; one named like the alias holds them as JSON. */
function partsInVariables(
  alias: string,
  env: NodeJS.ProcessEnv,
): Record<string, unknown> | undefined {
  if (PARTS.every((part) => env[part] !== undefined)) return env;
  const text = VARIABLE.test(alias) ? env[alias] : undefined;
  if (text === undefined) return undefined;
  try {
    return Object(JSON.parse(text));
  } catch {
    // The text holds a secret, and the parser's message may quote it.
    throw new LocalCloudError(
      'NoAccess',
      `The variable ${alias} is no JSON`,
      `write {"${PARTS.join('": "…", "')}": "…"}`,
    );
  }
}
