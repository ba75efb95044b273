import { describe, expect, it } from 'vitest';
import { AREAS, areaOf, checkDocument, checkExit, checkReport } from '../../../src/cli/check-report.ts';
import type { Problem } from '../../../src/core/problem.ts';
import { marked, plain } from './support.ts';

const grant: Problem = { code: 'SOURCE_REFUSED', severity: 'error', where: 'db:3306', message: 'rowcast lacks REPLICATION SLAVE', repair: "GRANT REPLICATION SLAVE, REPLICATION CLIENT\n  ON *.* TO 'rowcast'@'%';" };
const short: Problem = { code: 'SOURCE_REFUSED', severity: 'warning', message: 'binlogs are kept for one hour', repair: 'Keep them longer.' };
const topic: Problem = { code: 'SINK_REFUSED', severity: 'error', message: 'no topic shop.events', repair: 'Create it.' };
const clash: Problem = { code: 'ROUTE_CONFLICT', severity: 'error', message: 'a_b.c and a.b_c meet in one topic', repair: 'Give them different topics.' };
const ALL = new Set(AREAS);

describe('the report of check', () => {
  it('has a tick for everything that is fine', () => {
    expect(checkReport([], ALL, marked)).toBe('<green>✓ configuration</>\n<green>✓ routes</>\n<green>✓ checkpoint</>\n<green>✓ source</>\n<green>✓ sink</>\n\nReady to run.');
  });

  it('groups problems, each with place, code and repair', () => {
    expect(checkReport([topic, grant, short], ALL, plain)).toBe(`✓ configuration
✓ routes
✓ checkpoint
✗ source
  error db:3306  rowcast lacks REPLICATION SLAVE [SOURCE_REFUSED]
      GRANT REPLICATION SLAVE, REPLICATION CLIENT
        ON *.* TO 'rowcast'@'%';
  warning binlogs are kept for one hour [SOURCE_REFUSED]
      Keep them longer.
✗ sink
  error no topic shop.events [SINK_REFUSED]
      Create it.

Not ready: 2 errors and 1 warning.`);
  });

  it('is ready with warnings', () => {
    const text = checkReport([short], ALL, plain);
    expect(text).toContain('✓ source\n  warning binlogs');
    expect(text).toMatch(/\n\nReady to run, with 1 warning\.$/);
  });

  it('does not tick what was not looked at', () => {
    expect(checkReport([], new Set(['configuration']), plain)).toContain('✓ configuration\n- routes: not checked\n');
  });
});

describe('the exit code of check', () => {
  it.each([
    [[], 0],
    [[short], 0],
    [[topic], 5],
    [[topic, grant], 3],
    [[topic, grant, clash], 2],
    [[short, topic], 5],
  ])('of %j is %i', (problems, exit) => {
    expect(checkExit(problems)).toBe(exit);
  });
});

describe('the document of check', () => {
  it('is ok without errors', () => {
    expect(checkDocument([short])).toEqual({ ok: true, problems: [short] });
    expect(checkDocument([short, topic])).toEqual({ ok: false, problems: [short, topic] });
  });
});

describe('areaOf', () => {
  it.each([
    ['CONFIG_INVALID', 'configuration'],
    ['CONDITION_INVALID', 'routes'],
    ['ROUTE_COLUMN', 'routes'],
    ['CHECKPOINT_LOCKED', 'checkpoint'],
    ['SINK_AUTH', 'sink'],
    ['SOURCE_TLS', 'source'],
    ['SERVER_ID_TAKEN', 'source'],
    ['SCHEMA_MISMATCH', 'source'],
  ] as const)('%s belongs to %s', (code, area) => {
    expect(areaOf(code)).toBe(area);
  });
});
