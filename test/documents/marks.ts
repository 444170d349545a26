import type { Block } from './markdown.ts';

/** Marks of a block of commands that is not run by itself, or not at all. */
export const MARKS = {
  /** Is run while `npm start` is running. */
  'while-running': 'run',
  /** Needs an account at Alibaba Cloud. */
  account: 'not run',
  /** Runs until it is stopped. */
  'never-ends': 'not run',
  /** Takes minutes, and is run elsewhere: the whole of the tests. */
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
