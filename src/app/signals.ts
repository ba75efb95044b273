/** Exit code after a second signal: 128 + SIGINT, as shells say it. */
const IMPATIENT_EXIT = 130;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Calls `stop` at the first SIGTERM or SIGINT; a second one ends the process at once. What was not saved by then is sent
 * again at the next start (Invariant 9).
 * @returns takes the handlers away again
 */
export function onSignals(stop: (signal: string) => void): () => void {
  let asked = false;
  const handle = (signal: string): void => {
    if (asked) process.exit(IMPATIENT_EXIT);
    asked = true;
    stop(signal);
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
}

/** Hands whatever nobody caught to `fail`: a daemon that has lost track of itself must not go on. */
export function onStrayErrors(fail: (error: unknown) => void): () => void {
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  return () => {
    process.off('uncaughtException', fail);
    process.off('unhandledRejection', fail);
  };
}
