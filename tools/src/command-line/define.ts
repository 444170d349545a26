import type { Command } from 'commander';
import type { Session } from './io.ts';

/**
 * Gives a sub-command its description, arguments, options and action: the only place where they are
 * written. The action imports what it needs when it runs, so that `--help` loads nothing else.
 */
export type DefineCommand = (command: Command, session: Session) => void;
