import { createInterface } from 'node:readline/promises';

/** Asks a question in the terminal; what is there already is taken when nothing is typed. */
export async function ask(question: string, given: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (${given}) `);
  terminal.close();
  return answer.trim() || given;
}
