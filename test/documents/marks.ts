import type { Block } from './markdown.ts';

/** What a block of commands is marked with when it is run in another way than by itself, or not at all. */
export const MARKS = {
  /** Run while `npm start` is up. */
  'while-running': 'run',
  /** Needs an account at Alibaba Cloud. */
  account: 'not run',
  /** Goes on until it is stopped. */
  'never-ends': 'not run',
  /** Takes minutes, and runs elsewhere: the whole of the tests. */
  minutes: 'not run',
  /** Installs the packages from the registry. */
  published: 'not run',
  /** Has a placeholder, or a file, that the reader fills in. */
  example: 'not run',
} as const;

/** Languages of blocks that hold commands. */
const SHELLS = ['sh', 'bash', 'shell', 'console', 'zsh'];

export function isShell({ language }: Block): boolean {
  return SHELLS.includes(language);
}

export function isRun({ marks }: Block): boolean {
  return marks.every((mark) => MARKS[mark as keyof typeof MARKS] === 'run');
}
