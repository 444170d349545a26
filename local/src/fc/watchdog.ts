import { type ChildProcess, spawn } from 'node:child_process';

/** Reads `+ <pid>` and `- <pid>`; when its input ends, the runtime is gone, however it went, and the processes on the list are killed and its folder, the script's argument, is removed. */
const SCRIPT = `
trap '' INT HUP TERM
pids=
while read -r change pid; do
  case $change in
    +) pids="$pids $pid" ;;
    -) rest=; for one in $pids; do [ "$one" = "$pid" ] || rest="$rest $one"; done; pids=$rest ;;
  esac
done
for one in $pids; do kill -KILL "-$one" 2>/dev/null; done
rm -rf -- "$1" 2>/dev/null || { chmod -R u+w -- "$1"; rm -rf -- "$1"; }
`;

/**
 * Ends the instances when the runtime ends without having ended them, as by SIGKILL. A frozen
 * instance can notice nothing by itself, so a shell that is never frozen holds the other end of a
 * pipe for all of them. Left over in one case only: this shell is killed before the runtime is, and
 * instances are frozen at that moment. On Windows nothing is frozen, and the instances see to it.
 */
export class Watchdog {
  readonly #shell: ChildProcess | undefined;

  /** `folder` is the runtime's own, removed with it. */
  constructor(folder: string) {
    if (process.platform === 'win32') return;
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog', folder], {
      // In a group of its own, as the instances are: who kills the runtime may kill its whole group.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
    });
    this.#shell.on('error', () => {});
    this.#shell.stdin?.on('error', () => {});
  }

  watch(pid: number): void {
    this.#shell?.stdin?.write(`+ ${pid}\n`);
  }

  forget(pid: number): void {
    this.#shell?.stdin?.write(`- ${pid}\n`);
  }

  async close(): Promise<void> {
    const shell = this.#shell;
    if (!shell?.pid || shell.exitCode !== null || shell.signalCode !== null) return;
    const gone = new Promise((resolve) => shell.once('exit', resolve));
    shell.stdin?.end();
    await gone;
  }
}
