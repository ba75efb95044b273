import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/compile.ts';
import type { Logger } from '../core/ports.ts';
import { ProblemLog } from '../mysql/problem-log.ts';
import { checkAll } from './check.ts';
import type { Waiting } from './waiting.ts';

/** Milliseconds between two looks of one who stands by. */
const LOOK_MS = 30_000;
/** Milliseconds after which nobody waits for the first one. */
const LONG_MS = 5_000;

/** Looks again and again whether a daemon that stands by could take over, so that what is wrong is seen before it is needed. */
export class Fitness {
  readonly #config: Config;
  readonly #waiting: Waiting;
  readonly #problems: ProblemLog;
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #fit = false;

  constructor(config: Config, { logger, waiting }: { readonly logger: Logger; readonly waiting: Waiting }) {
    this.#config = config;
    this.#waiting = waiting;
    this.#problems = new ProblemLog(logger);
  }

  /** The last look has found nothing that would keep it from leading. */
  get fit(): boolean {
    return this.#fit;
  }

  /** Looks, and goes on looking until `rest`. Resolves after the first look, or when that takes long, or `stop` comes. */
  async watch(stop: AbortSignal): Promise<void> {
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
    const enough = new AbortController();
    const late = sleep(LONG_MS, undefined, { signal: AbortSignal.any([stop, enough.signal]) }).catch(() => undefined);
    await Promise.race([this.#look(), late]);
    enough.abort();
  }

  rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      // The lock of the local files is our own; the position, and the id at the server, are the leader's.
      const problems = (await checkAll(this.#config)).filter(({ code }) => code !== 'CHECKPOINT_LOCKED');
      this.#fit = problems.every(({ severity }) => severity !== 'error');
      if (this.#timer === null) return;
      this.#waiting.found(problems);
      this.#problems.tell(problems);
    } finally {
      this.#looking = false;
    }
  }
}
