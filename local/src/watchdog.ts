import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+ <pid>`, `- <pid>` and `f <folder>`; when its input ends, the cloud is gone, however it
 * ended: the listed processes are killed with their groups and the folders are removed.
 */
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
 * Ends what a cloud has started, instances and builds, when the cloud ends without having done so
 * itself, as by SIGKILL, and removes its temporary folders. A frozen instance cannot notice
 * anything by itself, so a shell that is never frozen holds the other end of a pipe for all of
 * them. They are left running in one case only: this shell is killed before the cloud is. There is
 * none on Windows: nothing is frozen there, and the instances notice by themselves.
 */
export class Watchdog {
  #shell: ChildProcess | undefined;
  #closed = false;

  /** Adds a process that leads its own group. */
  watch(pid: number): void {
    this.#write(`+ ${pid}`);
  }

  /** Removes a process that has ended. */
  forget(pid: number): void {
    this.#write(`- ${pid}`);
  }

  /** Adds a folder to be removed with its contents, also at `close` if it still exists. */
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
    // In its own group, like the others: whatever kills the cloud may kill its whole group.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  return shell;
}
