const ROUNDS = 5;

/**
 * Nanoseconds of processor time for each thing that `work` does, the least of five rounds, with all of them, for people.
 * Other load on the machine does not count as ours.
 * @param seconds of all rounds together
 * @param work does it many times; the answer is how often
 */
export function nanoseconds(seconds: number, work: () => number): { readonly least: string; readonly rounds: string } {
  const rounds = Array.from({ length: ROUNDS }, () => round((seconds / ROUNDS) * 1e6, work));
  return { least: Math.min(...rounds).toFixed(0), rounds: `rounds ${rounds.map((each) => each.toFixed(0)).join(', ')}` };
}

function round(limitMicros: number, work: () => number): number {
  const started = process.cpuUsage();
  let done = 0;
  for (;;) {
    done += work();
    const { user, system } = process.cpuUsage(started);
    if (user + system >= limitMicros) return ((user + system) * 1000) / done;
  }
}
