import { readFileSync } from 'node:fs';

/** The app's name in s.yaml, which begins the names of functions, roles, queues and topics. */
export const APP: string =
  /^name: (\S+)$/m.exec(readFileSync(new URL('../s.yaml', import.meta.url), 'utf8'))?.[1] ?? '';
