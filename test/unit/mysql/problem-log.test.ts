import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/problem.ts';
import { changedSettings, ProblemLog } from '../../../src/mysql/problem-log.ts';

const problem = (message: string, severity: Problem['severity'] = 'warning'): Problem => ({ code: 'SOURCE_REFUSED', message, repair: 'r', severity, where: 'h:1' });

describe('the log of problems', () => {
  it('tells each once as long as it lasts, as loud as it is, and its end', () => {
    const lines: string[] = [];
    const line = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
    const log = new ProblemLog({ debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') });
    log.tell([problem('a')]);
    log.tell([problem('a'), problem('b', 'error')]);
    log.tell([problem('b', 'error')]);
    log.tell([problem('a')]);
    expect(lines).toEqual(['warn a', 'error b', 'info no longer so: a', 'warn a', 'info no longer so: b']);
  });
});

describe('changed settings', () => {
  it('are those with another value than before; one that was not there before is none', () => {
    const before = new Map([['a', '1'], ['b', '2']]);
    expect(changedSettings(before, new Map([['a', '1'], ['b', '3'], ['c', '4']]))).toEqual([{ setting: 'b', before: '2', now: '3' }]);
    expect(changedSettings(new Map(), before)).toEqual([]);
  });
});
