import { createInterface } from 'node:readline/promises';
import { UsageError } from './usage-error.ts';

/**
 * Asks a question in the terminal until the answer is valid; an empty answer takes the default. `read`
 * throws UsageError for an invalid answer. Throws UsageError when the input ends, as with Ctrl-D.
 */
export async function ask<Answer>(
  question: string,
  given: string,
  read: (text: string) => Answer,
): Promise<Answer> {
  for (;;) {
    const answer = await typedIn(`${question} (${given}) `);
    if (answer === undefined) throw new UsageError(`there is no answer to "${question}"`);
    try {
      return read(answer.trim() || given);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      process.stderr.write(`${error.message}\n`);
    }
  }
}

/** Returns the line typed after a question; undefined when the input ends. */
export async function typedIn(question: string): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      terminal.once('close', () => resolve(undefined));
      terminal.once('SIGINT', () => {
        terminal.close();
        process.kill(process.pid, 'SIGINT');
      });
      terminal.question(question).then(resolve, reject);
    });
  } finally {
    terminal.close();
  }
}
