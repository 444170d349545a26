import type { Service } from 'fc-kit/credentials';

export type Shell = 'bash' | 'cmd' | 'powershell';

/** One variable with what the docs put in its place. */
interface Variable {
  name: string;
  placeholder: string;
  secret: boolean;
}

const id = (name: string) => ({ name, placeholder: 'YOUR_ACCESS_KEY_ID', secret: false });
const secret = (name: string) => ({ name, placeholder: 'YOUR_ACCESS_KEY_SECRET', secret: true });
const token = (name: string) => ({ name, placeholder: 'YOUR_SECURITY_TOKEN', secret: true });

const LONG_TERM: Record<Service, Variable[]> = {
  smq: [id('ALIBABA_CLOUD_ACCESS_KEY_ID'), secret('ALIBABA_CLOUD_ACCESS_KEY_SECRET')],
  oss: [id('OSS_ACCESS_KEY_ID'), secret('OSS_ACCESS_KEY_SECRET')],
  mpaas: [
    id('MPAAS_AK_ENV'),
    secret('MPAAS_SK_ENV'),
    {
      name: 'RAM_ROLE_ARN',
      placeholder: 'acs:ram::YOUR_ACCOUNT_ID:role/YOUR_ROLE_NAME',
      secret: false,
    },
  ],
};

/** mPaaS has none: its pair only serves to assume RAM_ROLE_ARN, and what that gives is temporary. */
const TEMPORARY: Partial<Record<Service, Variable[]>> = {
  smq: [id('MNS_ACCESS_KEY_ID'), secret('MNS_ACCESS_KEY_SECRET'), token('MNS_SESSION_TOKEN')],
  oss: [id('OSS_ACCESS_KEY_ID'), secret('OSS_ACCESS_KEY_SECRET'), token('OSS_SESSION_TOKEN')],
};

interface Syntax {
  comment: string;
  session(variable: Variable): string;
  keep(variable: Variable): string;
  /** After the lines to keep. */
  reload: string;
  /** Shows an id, and of a secret only whether it is set. */
  verify(variable: Variable): string;
}

const SYNTAX: Record<Shell, Syntax> = {
  bash: {
    comment: '#',
    session: ({ name, placeholder }) => `export ${name}='${placeholder}'`,
    keep: ({ name, placeholder }) => `echo "export ${name}='${placeholder}'" >> ~/.bashrc`,
    reload: 'source ~/.bashrc',
    verify: ({ name, secret: hidden }) =>
      hidden ? `[ -n "$${name}" ] && echo '${name} is set'` : `echo $${name}`,
  },
  cmd: {
    comment: 'rem',
    session: ({ name, placeholder }) => `set ${name}=${placeholder}`,
    keep: ({ name, placeholder }) => `setx ${name} "${placeholder}"`,
    reload: 'rem open a new window: setx does not change this one',
    verify: ({ name, secret: hidden }) =>
      hidden ? `if defined ${name} echo ${name} is set` : `echo %${name}%`,
  },
  powershell: {
    comment: '#',
    session: ({ name, placeholder }) => `$env:${name} = "${placeholder}"`,
    keep: ({ name, placeholder }) =>
      `[Environment]::SetEnvironmentVariable("${name}", "${placeholder}", [EnvironmentVariableTarget]::User)`,
    reload: '# open a new window: this one keeps its environment',
    verify: ({ name, secret: hidden }) =>
      hidden ? `if ($env:${name}) { "${name} is set" }` : `$env:${name}`,
  },
};

/** The lines that set a service's credential in a shell, for this session and to keep, and those that verify it; undefined where the service takes no temporary one by variables. */
export function setupLines(service: Service, shell: Shell, temporary: boolean): string | undefined {
  const variables = (temporary ? TEMPORARY : LONG_TERM)[service];
  if (!variables) return undefined;
  const { comment, session, keep, reload, verify } = SYNTAX[shell];
  const keeping = temporary
    ? [`${comment} A temporary credential is not worth keeping: it expires`]
    : [`${comment} To keep`, ...variables.map(keep), reload];
  return [
    `${comment} For this session`,
    ...variables.map(session),
    '',
    ...keeping,
    '',
    `${comment} To verify`,
    ...variables.map(verify),
    `npx fc-templates credentials explain --service ${service}`,
  ].join('\n');
}
