import type { Logger } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';

/** Logs each problem once, for as long as it lasts, and its end. */
export class ProblemLog {
  readonly #logger: Logger;
  #told = new Map<string, Problem>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** All problems there are now. */
  tell(problems: readonly Problem[]): void {
    const now = new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem]));
    for (const [key, { code, message, repair, severity, where }] of now) {
      if (this.#told.has(key)) continue;
      this.#logger[severity === 'error' ? 'error' : 'warn'](message, { code, repair, server: where });
    }
    for (const [key, { message, where }] of this.#told) if (!now.has(key)) this.#logger.info(`no longer so: ${message}`, { server: where });
    this.#told = now;
  }
}

/** A setting of the server that is another one than when it was looked at before. */
export interface ChangedSetting {
  readonly setting: string;
  readonly before: string;
  readonly now: string;
}

/** What changed between two looks. */
export function changedSettings(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly ChangedSetting[] {
  return [...now].flatMap(([setting, value]) => {
    const old = before.get(setting);
    return old === undefined || old === value ? [] : [{ setting, before: old, now: value }];
  });
}
