import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { place, startDaemon, type Daemon, type DaemonConfig, type Place } from '../../support/daemon.ts';
import { until } from '../../support/wait.ts';

/** How a daemon ended. */
export interface Ending {
  readonly exit: number;
  /** The code of its error; null where a signal ended it, or nothing was wrong. */
  readonly code: string | null;
}

const CLOCK = fileURLToPath(new URL('clock.mjs', import.meta.url));
/** Milliseconds before a daemon that ended is started again. */
const PAUSE_MS = 200;
/** Exit code of a process that was killed. */
const KILLED = 137;

/** Keeps the daemon running, as an init system does: whatever ends it, it is started again. */
export class Supervisor {
  /** Each start, on the monotonic clock. */
  startedAt = 0;
  /** Codes of errors that may end the daemon now; it waits to be started again by `release` then. */
  readonly #allowed = new Set<string>();
  readonly #place: Place;
  readonly #config: () => DaemonConfig;
  /** What ended it though nothing should have. */
  readonly unexpected: string[] = [];
  #daemon: Daemon | null = null;
  #ending: Ending | null = null;
  #heap: number | null = null;
  #held = false;
  #draining = false;
  #over = false;
  #loop: Promise<void> = Promise.resolve();

  private constructor(home: Place, config: (home: Place) => DaemonConfig) {
    this.#place = home;
    this.#config = () => config(home);
  }

  static async create(config: (home: Place) => DaemonConfig): Promise<Supervisor> {
    return new Supervisor(await place('chaos'), config);
  }

  get folder(): string {
    return this.#place.folder;
  }

  /** The daemon that runs, or ran last. @throws Error before the first start */
  get daemon(): Daemon {
    if (this.#daemon === null) throw new Error('no daemon was started yet');
    return this.#daemon;
  }

  /** True while a process runs. */
  get runs(): boolean {
    return this.#daemon !== null && this.#ending === null;
  }

  start(): void {
    this.#loop = this.#keep();
    this.#loop.catch(() => undefined);
  }

  /** SIGKILL; the next one is started at once, unless it is held. */
  async kill(): Promise<void> {
    const { daemon } = this;
    await daemon.kill();
    await until('the end is seen', () => this.#daemon !== daemon || this.#ending !== null);
  }

  /** SIGTERM, after which the next one is started; the answer is the exit code. */
  async drain(): Promise<number> {
    this.#draining = true;
    const exit = await this.daemon.stop();
    await until('the next one starts', () => this.runs);
    return exit;
  }

  /** Starts none until `release`. */
  hold(): void {
    this.#held = true;
  }

  /** Starts it again. `heap`: the most that its heap may grow to, in megabytes. */
  release(limits: { readonly heap?: number } = {}): void {
    this.#heap = limits.heap ?? null;
    this.#held = false;
  }

  /** Until `release` errors with these codes may end it, and it stays down. */
  allow(codes: readonly string[]): void {
    for (const code of codes) this.#allowed.add(code);
  }

  /** Waits until one of the errors that are allowed has ended it. */
  async ended(seconds = 30): Promise<Ending> {
    return until('an error ends the daemon', () => (this.#held && this.#ending !== null && this.#ending.code !== null ? this.#ending : undefined), seconds * 1000);
  }

  /** Nothing ends it rightly any more, and it runs. */
  resume(): void {
    this.#allowed.clear();
    this.release();
  }

  /** Sets the clock of the daemon this many milliseconds off. */
  async shiftClock(ms: number): Promise<void> {
    await writeFile(join(this.folder, 'clock'), String(ms));
    await sleep(100);
  }

  /** SIGTERM; the answer is the exit code. Nothing is started any more. */
  async stop(): Promise<number> {
    this.#over = true;
    const code = this.runs ? await this.daemon.stop() : 0;
    await this.#loop;
    return code;
  }

  async remove(): Promise<void> {
    this.#over = true;
    if (this.runs) await this.daemon.kill();
    await this.#loop.catch(() => undefined);
    await this.#place.remove();
  }

  async #keep(): Promise<void> {
    for (;;) {
      while (this.#held && !this.#over) await sleep(20);
      if (this.#over) return;
      this.#ending = null;
      this.startedAt = performance.now();
      const daemon = await startDaemon(this.#place, this.#config(), {
        env: { NODE_OPTIONS: [`--import ${CLOCK}`, ...(this.#heap === null ? [] : [`--max-old-space-size=${String(this.#heap)}`])].join(' '), ROWCAST_CHAOS_CLOCK: join(this.folder, 'clock') },
      });
      this.#daemon = daemon;
      const exit = await daemon.end(FOREVER_S);
      this.#judge(daemon, exit);
      await sleep(PAUSE_MS);
    }
  }

  #judge(daemon: Daemon, exit: number): void {
    const failure = exit === KILLED ? undefined : daemon.lines().findLast((line) => line.exit !== undefined);
    const code = failure?.code ?? null;
    this.#ending = { exit, code };
    const asked = this.#draining || this.#over;
    this.#draining = false;
    if (exit === KILLED || (exit === 0 && asked)) return;
    if (code !== null && this.#allowed.has(code)) this.#held = true;
    else this.unexpected.push(`the daemon ended with ${String(exit)}${failure === undefined ? '' : `: ${failure.code ?? ''}: ${failure.msg}`}`);
  }
}

/** Seconds; a timer of Node holds no more than 24 days. */
const FOREVER_S = 1_000_000;
