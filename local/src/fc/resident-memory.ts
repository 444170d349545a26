import { readFileSync } from 'node:fs';

const MB = 1024 * 1024;
/**
 * Linux pages, as statm counts them; some ARM systems have larger pages, where the result is too
 * small.
 */
const PAGE_BYTES = 4096;

/**
 * Returns the memory of a process, in MB; undefined where the system does not report it cheaply
 * (only Linux does) or the process is gone.
 */
export function residentMb(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return Math.round((Number(pages) * PAGE_BYTES) / MB);
  } catch {
    return undefined;
  }
}
