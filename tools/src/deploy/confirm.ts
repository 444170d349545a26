import { typedIn } from '../command-line/ask.ts';

/** Asks a question in the terminal; resolves to true for "y" or "yes". An input that ends is a no. */
export async function confirm(question: string): Promise<boolean> {
  const answer = await typedIn(`${question} (y/N) `);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}
