import { type ChildProcess, spawn } from 'node:child_process';

/** Reads `+ <pid>`, `- <pid>` and `f <folder>`; when its input ends, the cloud is gone, however it went, and the processes on the list are killed with their groups and the folders are removed. */
const SCRIPT = `
trap '' INT HUP TERM
pids=
while read -r change what; do
  case $change in
    +) pids="$pids $what" ;;
    -) rest=; for one in $pids; do [ "$one" = "$what" ] || rest="$rest $one"; done; pids=$rest ;;
    f) set -- "$@" "$what" ;;
  esac
done
for one in $pids; do kill -KILL "-$one" 2>/dev/null; done
for one in "$@"; do rm -rf -- "$one" 2>/dev/null || { chmod -R u+w -- "$one"; rm -rf -- "$one"; }; done
`;

/**
 * Ends what a cloud has started, instances and builds, when it ends without having done so itself, as
 * by SIGKILL, and removes its temporary folders. A frozen instance can notice nothing by itself, so a
 * shell that is never frozen holds the other end of a pipe for all of them. Left over in one case
 * only: this shell is killed before the cloud is. On Windows there is none: nothing is frozen there,
 * and the instances see to it themselves.
 */
export class Watchdog {
  #shell: ChildProcess | undefined;
  #closed = false;

  /** A process that leads a group of its own. */
  watch(pid: number): void {
    this.#write(`+ ${pid}`);
  }

  /** That process has ended. */
  forget(pid: number): void {
    this.#write(`- ${pid}`);
  }

  /** A folder to be removed with all that is in it, at `close` too if it is still there. */
  watchFolder(folder: string): void {
    this.#write(`f ${folder}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const shell = this.#shell;
    if (!shell?.pid || shell.exitCode !== null || shell.signalCode !== null) return;
    const gone = new Promise((resolve) => shell.once('exit', resolve));
    shell.stdin?.end();
    await gone;
  }

  #write(line: string): void {
    if (this.#closed || process.platform === 'win32') return;
    this.#shell ??= start();
    this.#shell.stdin?.write(`${line}\n`);
  }
}

function start(): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog'], {
    // In a group of its own, as the others are: who kills the cloud may kill its whole group.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  return shell;
}
