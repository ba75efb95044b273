import { expect } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.ts';
import { ERRORS } from '../../src/core/errors.ts';
import { readyDaemon, runToEnd } from '../support/daemon.ts';
import type { Daemon, DaemonConfig, LogLine, Place, StartOptions } from '../support/daemon.ts';

/** What a daemon that refuses must say. */
export interface Refusal {
  readonly code: ErrorCode;
  /** In its message: what is wrong, and where. */
  readonly says: RegExp;
  /** In its hint: what to do. */
  readonly advises: RegExp;
}

/** Checks how a daemon ended, and gives the error. */
export function expectRefusal(daemon: Daemon, exit: number, { code, says, advises }: Refusal): LogLine {
  const failure = daemon.failure();
  expect({ code: failure.code, exit, told: failure.exit }).toEqual({ code, exit: ERRORS[code].exit, told: ERRORS[code].exit });
  expect(failure.msg).toMatch(says);
  expect(failure.hint).toMatch(advises);
  return failure;
}

/** Runs a daemon that is expected to refuse, and finds its position where it was. */
export async function refused(home: Place, config: DaemonConfig, refusal: Refusal, options: StartOptions = {}): Promise<LogLine> {
  const saved = home.saved();
  const { daemon, exit } = await runToEnd(home, config, options);
  const failure = expectRefusal(daemon, exit, refusal);
  expect(home.saved()).toBe(saved);
  return failure;
}

/** Runs a daemon until it is ready and stops it, so that a position is saved. */
export async function savePosition(home: Place, config: DaemonConfig): Promise<void> {
  const daemon = await readyDaemon(home, config);
  expect(await daemon.stop()).toBe(0);
  expect(home.saved()).not.toBeNull();
}
