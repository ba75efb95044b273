import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks again and again until `look` gives something other than undefined or false, and returns that.
 * @param limit milliseconds, 60,000 by default
 * @throws Error that names `what`, with the error of the last look as its cause
 */
export async function until<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false, limit = 60_000): Promise<T> {
  const deadline = Date.now() + limit;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${limit / 1000} s`, { cause: last });
    await sleep(50);
  }
}
