import { stripVTControlCharacters } from 'node:util';

/** Returns the JSON that a command printed, after colours and other output before it; undefined if there is none. */
export function jsonIn(text: string): unknown {
  const plain = stripVTControlCharacters(text);
  try {
    return JSON.parse(plain.slice(plain.indexOf('{'), plain.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

/** Returns the tool's complaint in one line: what it prints between its heading and its log's path. */
export function complaintIn({ stdout, stderr }: { stdout: string; stderr: string }): string {
  const plain = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const message = /Error Message:([\s\S]*?)(?:A complete log of this run|$)/.exec(plain)?.[1];
  return (message ?? plain).replace(/\s+/g, ' ').trim().slice(0, 300);
}
