import { createInterface } from 'node:readline/promises';

/** Asks a question in the terminal; resolves to true for "y" or "yes". */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (y/N) `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
