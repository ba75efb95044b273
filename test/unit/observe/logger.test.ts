import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/observe/logger.ts';
import type { LogOptions } from '../../../src/observe/logger.ts';

function collect(options: Omit<LogOptions, 'to'>): { log: ReturnType<typeof createLogger>; text: () => string } {
  const to = new PassThrough();
  return { log: createLogger('shop', { ...options, to }), text: () => String(to.read() ?? '') };
}

describe('the logger', () => {
  it('writes a JSON line with time, level, name and fields where there is no terminal', () => {
    const { log, text } = collect({ level: 'info', format: 'auto' });
    log.info('streaming', { from: 'u:1-5' });
    const line = JSON.parse(text()) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'info', name: 'shop', msg: 'streaming', from: 'u:1-5' });
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('leaves out what is below the level', () => {
    const { log, text } = collect({ level: 'warn', format: 'json' });
    log.debug('a');
    log.info('b');
    expect(text()).toBe('');
    log.error('c');
    expect(text()).toContain('"msg":"c"');
  });

  it('writes for people when asked', () => {
    const { log, text } = collect({ level: 'info', format: 'pretty' });
    log.warn('stream lost', { inMs: 250 });
    expect(text()).toMatch(/WARN.*stream lost\n\s+inMs: 250\n/);
  });

  it('keeps secrets out, at the top and one level down (Invariant 10)', () => {
    const { log, text } = collect({ level: 'info', format: 'json' });
    log.info('connecting', { password: 'hunter2', sasl: { token: 'abc123', username: 'ada' } });
    const line = text();
    expect(line).not.toMatch(/hunter2|abc123/);
    expect(line).toContain('"username":"ada"');
  });
});
