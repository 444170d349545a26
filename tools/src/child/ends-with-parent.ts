/** The variable that passes the parent's process id to `WATCHER`; it is removed before anything else runs. */
export const PARENT_VARIABLE = 'FC_TEMPLATES_PARENT';

/**
 * The child checks for its parent from a separate thread, since the main one may be busy. `process.ppid`
 * changes when the parent is gone, however it ended.
 */
const WATCHING = `
const { workerData: { parent, leads } } = require('node:worker_threads');
setInterval(() => {
  if (process.ppid === parent) return;
  if (leads) try { process.kill(-process.pid, 'SIGKILL'); } catch {}
  process.kill(process.pid, 'SIGKILL');
}, 500);
`;

const STARTING = `
import { isMainThread, Worker } from 'node:worker_threads';
const given = process.env.${PARENT_VARIABLE};
delete process.env.${PARENT_VARIABLE};
if (isMainThread && given !== undefined) {
  const [parent, leads] = given.split(' ');
  new Worker(${JSON.stringify(WATCHING)}, {
    eval: true, execArgv: [], workerData: { parent: Number(parent), leads: leads === 'leads' },
  }).unref();
}
`;

/** Arguments of node that make a script end with its parent, even if the parent is killed. */
export const WATCHER = ['--import', `data:text/javascript,${encodeURIComponent(STARTING)}`];
