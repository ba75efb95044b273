import { existsSync, readFileSync } from 'node:fs';

/** What the kernel says of a running process. */
export interface ProcessFigures {
  /** User and system time, seconds. */
  readonly cpuSeconds: number;
  /** Largest resident memory so far, bytes. */
  readonly peakBytes: number;
}

/** Clock ticks a second in /proc: fixed at 100 for user space on Linux. */
const TICKS = 100;
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** Reads /proc; see proc(5) for the fields. Null where the process is gone, or has let go of its memory on its way. */
export function processFigures(pid: number): ProcessFigures | null {
  if (!existsSync(`/proc/${pid}/stat`)) return null;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may hold blanks: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (peak === undefined) return null;
  return { cpuSeconds: (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS, peakBytes: Number(peak) * 1024 };
}
