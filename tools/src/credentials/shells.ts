import type { Variable } from './variables.ts';

export const SHELLS = ['bash', 'zsh', 'cmd', 'powershell'] as const;
export const SYSTEMS = ['linux', 'macos', 'windows'] as const;

export type Shell = (typeof SHELLS)[number];
export type System = (typeof SYSTEMS)[number];

/** One way to keep variables. */
export interface Keeping {
  /** Whom it is for, and where it works. */
  title: string;
  /** Returns a line that asks for the value and writes it: what is typed there is in no history of the shell. */
  keep(variable: Variable): string;
  /** What to do after the lines. */
  reload: string;
}

export interface Syntax {
  comment: string;
  session(variable: Variable): string;
  keeping(system: System): Keeping[];
  /** Returns a line that shows an id, and of a secret only whether it is set. */
  verify(variable: Variable): string;
}

/** `read` and `%q` work in bash and zsh alike. */
const inFile =
  (write: string) =>
  ({ name, secret }: Variable): string =>
    `printf '${name}: '; read -r${secret ? 's' : ''} value${secret ? '; echo' : ''}; printf 'export ${name}=%q\\n' "$value" ${write}; unset value`;

const forOne = (file: string): Keeping => ({
  title: `for you, in ${file}`,
  keep: inFile(`>> ${file}`),
  reload: `source ${file}`,
});

const FOR_ALL: Keeping = {
  title: 'for all users, in /etc/profile: every user of the machine can read it there',
  keep: inFile('| sudo tee -a /etc/profile > /dev/null'),
  reload: 'source /etc/profile',
};

const POSIX = {
  comment: '#',
  session: ({ name, placeholder }: Variable) => `export ${name}='${placeholder}'`,
  verify: ({ name, secret: hidden }: Variable) =>
    hidden ? `[ -n "$${name}" ] && echo '${name} is set'` : `echo $${name}`,
};

/** The way without a shell, the same in all of them. */
const WINDOW_STEPS = [
  'In the window: Win+R, sysdm.cpl, Advanced, Environment Variables,',
  'New under "User variables" (or "System variables" for all users), name and value, OK three times,',
];

/** Windows has no ~/.bashrc by itself; Git Bash reads one. */
const BASH_FILE: Record<System, string> = {
  linux: '~/.bashrc',
  macos: '~/.bash_profile',
  windows: '~/.bashrc',
};
const ZSH_FILE: Record<System, string> = {
  linux: '~/.zshrc',
  macos: '~/.zprofile',
  windows: '~/.zshrc',
};

export const SYNTAX: Record<Shell, Syntax> = {
  bash: {
    ...POSIX,
    keeping: (system) => [forOne(BASH_FILE[system]), ...(system === 'linux' ? [FOR_ALL] : [])],
  },
  zsh: {
    ...POSIX,
    keeping: (system) => [forOne(ZSH_FILE[system]), ...(system === 'linux' ? [FOR_ALL] : [])],
  },
  cmd: {
    comment: 'rem',
    session: ({ name, placeholder }) => `set ${name}=${placeholder}`,
    keeping: () => [
      {
        title: 'for you',
        keep: setx(''),
        reload: windowSteps('rem', 'then a new window: setx does not change those that are open'),
      },
      {
        title: 'for all users, in a window of the administrator',
        keep: setx(' /m'),
        reload: 'rem then a new window',
      },
    ],
    verify: ({ name, secret: hidden }) =>
      hidden ? `if defined ${name} echo ${name} is set` : `echo %${name}%`,
  },
  powershell: {
    comment: '#',
    session: ({ name, placeholder }) => `$env:${name} = "${placeholder}"`,
    keeping: () => [
      {
        title: 'for you',
        keep: kept('User'),
        reload: windowSteps('#', 'then a new window: this one keeps its environment'),
      },
      {
        title: 'for all users, in a window of the administrator',
        keep: kept('Machine'),
        reload: '# then a new window',
      },
    ],
    verify: ({ name, secret: hidden }) =>
      hidden ? `if ($env:${name}) { "${name} is set" }` : `$env:${name}`,
  },
};

/** Runs in a new cmd, where `!value!` is what was typed just now: `%value%` would be its value before the line. */
function setx(option: string) {
  return ({ name }: Variable): string =>
    `cmd /v:on /c "set /p value=${name}: & setx ${name} "!value!"${option}"`;
}

function windowSteps(comment: string, last: string): string {
  return [...WINDOW_STEPS, last].map((line) => `${comment} ${line}`).join('\n');
}

/** PowerShell writes every line to a history file, but not the input of Read-Host. */
function kept(target: 'User' | 'Machine') {
  return ({ name, secret }: Variable): string => {
    const value = secret
      ? `[Net.NetworkCredential]::new('', (Read-Host '${name}' -AsSecureString)).Password`
      : `(Read-Host '${name}')`;
    return `[Environment]::SetEnvironmentVariable("${name}", ${value}, [EnvironmentVariableTarget]::${target})`;
  };
}
