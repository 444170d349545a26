import type { Service } from 'fc-kit/credentials';
import { type Shell, SYNTAX, type Syntax, type System } from './shells.ts';
import { ENDPOINTS, LONG_TERM, TEMPORARY, type Variable } from './variables.ts';

export type { Shell, System } from './shells.ts';

/** Returns the system these lines are for, if none is named. */
export function systemOf(platform: NodeJS.Platform): System {
  return platform === 'darwin' ? 'macos' : platform === 'win32' ? 'windows' : 'linux';
}

/**
 * Returns the steps that set a service's credential in a shell: what to do before, the lines for this
 * session, those to keep it, the endpoint if the service needs one, and those that verify it; undefined if
 * the service takes no temporary credential by variables. Lines that keep a value ask for it, so that it is
 * in no history of the shell.
 */
export function setupLines(
  service: Service,
  shell: Shell,
  temporary: boolean,
  system: System = 'linux',
): string | undefined {
  const variables = (temporary ? TEMPORARY : LONG_TERM)[service];
  if (!variables) return undefined;
  const syntax = SYNTAX[shell];
  const endpoint = ENDPOINTS[service]?.variable;
  const steps = [
    beforehand(service, syntax, temporary),
    [`${syntax.comment} For this session`, ...variables.map(syntax.session)],
    temporary ? notKept(syntax) : keepLines(syntax, system, variables),
    endpointLines(service, syntax),
    [
      `${syntax.comment} To verify`,
      ...variables.map(syntax.verify),
      ...(endpoint ? [syntax.verify(endpoint)] : []),
      `npx fc-templates credentials explain --service ${service}`,
    ],
  ];
  return steps
    .filter((step) => step.length > 0)
    .map((step) => step.join('\n'))
    .join('\n\n');
}

function beforehand(service: Service, { comment }: Syntax, temporary: boolean): string[] {
  const lines = temporary
    ? [
        'Before: a RAM user with the policy AliyunSTSAssumeRoleAccess, and a role that trusts the account',
        `and may do what is needed with ${service.toUpperCase()}. With the user's pair (never the account's own, which STS refuses):`,
        'aliyun sts AssumeRole --RoleArn acs:ram::YOUR_ACCOUNT_ID:role/YOUR_ROLE_NAME --RoleSessionName YOUR_NAME',
        'Its answer has AccessKeyId, AccessKeySecret and SecurityToken, and when they expire.',
      ]
    : ['Before: the pair of a RAM user that may do what is needed, and not of the account itself.'];
  return lines.map((line) => `${comment} ${line}`);
}

function keepLines({ comment, keeping }: Syntax, system: System, variables: Variable[]): string[] {
  return keeping(system).flatMap(({ title, keep, reload }, index) => [
    ...(index > 0 ? [''] : []),
    `${comment} To keep, ${title}. Line by line: each asks for its value, so that none is in the shell's history`,
    ...variables.map(keep),
    reload,
  ]);
}

function notKept({ comment }: Syntax): string[] {
  return [
    `${comment} Not to keep: a temporary credential expires (after an hour, unless asked for otherwise), and a`,
    `${comment} kept one would be found first and refused from then on. Set the next one when this is over.`,
  ];
}

function endpointLines(service: Service, { comment, session }: Syntax): string[] {
  const endpoint = ENDPOINTS[service];
  if (!endpoint) return [];
  const { variable, forms } = endpoint;
  return [
    `${comment} The endpoint, outside of Function Compute: the console shows the account's id and the region's`,
    ...forms.map(([from, address]) => `${comment}   from ${from}: ${address}`),
    session(variable),
  ];
}
