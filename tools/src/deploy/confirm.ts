import { typedIn } from '../command-line/ask.ts';

/** Asks a question in the terminal. Resolves to true for "y" or "yes"; an input that ends means no. */
export async function confirm(question: string): Promise<boolean> {
  const answer = await typedIn(`${question} (y/N) `);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}
