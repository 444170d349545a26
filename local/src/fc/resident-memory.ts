import { readFileSync } from 'node:fs';

const MB = 1024 * 1024;
/** Linux pages, as statm counts them; larger pages exist on some ARM systems, where this reads too little. */
const PAGE_BYTES = 4096;

/** The memory that a process holds, in MB; undefined where the system does not tell it cheaply (only Linux does) or the process is gone. */
export function residentMb(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return Math.round((Number(pages) * PAGE_BYTES) / MB);
  } catch {
    return undefined;
  }
}
