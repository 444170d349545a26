import { stripVTControlCharacters } from 'node:util';

/** The JSON that a command printed, past colours and what precedes it; undefined when there is none. */
export function jsonIn(text: string): unknown {
  const plain = stripVTControlCharacters(text);
  try {
    return JSON.parse(plain.slice(plain.indexOf('{'), plain.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

/** What the tool complains of, in one line: what it prints between its heading and its log's path. */
export function complaintIn({ stdout, stderr }: { stdout: string; stderr: string }): string {
  const plain = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const message = /Error Message:([\s\S]*?)(?:A complete log of this run|$)/.exec(plain)?.[1];
  return (message ?? plain).replace(/\s+/g, ' ').trim().slice(0, 300);
}
