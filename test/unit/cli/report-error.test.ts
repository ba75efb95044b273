import { describe, expect, it } from 'vitest';
import { errorText } from '../../../src/cli/report-error.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import { marked, plain } from './support.ts';

const TEXT = { json: false, verbose: false, paint: plain };

describe('an error, as it is told', () => {
  const error = new RowcastError('ROW_TOO_LARGE', 'a row of shop.files has 70000000 bytes; the topic takes 1048576', {
    facts: { table: 'shop.files', position: 'binlog.000007:4711' },
    hint: 'Raise max.message.bytes of cdc.shop.files.',
    cause: new Error('hidden'),
  });

  it('is three lines: what, where, what to do', () => {
    expect(errorText(error, TEXT)).toBe(
      'error ROW_TOO_LARGE: a row of shop.files has 70000000 bytes; the topic takes 1048576\n  table=shop.files  position=binlog.000007:4711\n  Raise max.message.bytes of cdc.shop.files.',
    );
  });

  it('is coloured where colours are', () => {
    expect(errorText(error, { ...TEXT, paint: marked }).split('\n').slice(0, 2)).toEqual([
      '<red>error ROW_TOO_LARGE</>: a row of shop.files has 70000000 bytes; the topic takes 1048576',
      '  <gray>table=shop.files  position=binlog.000007:4711</>',
    ]);
  });

  it('takes the hint of the table where it brings none', () => {
    expect(errorText(new RowcastError('SINK_FENCED', 'fenced by another producer'), TEXT)).toBe(
      'error SINK_FENCED: fenced by another producer\n  Another daemon with the same name took over. Stop one of the two, or give them different names.',
    );
  });

  it('is one JSON object on one line', () => {
    const text = errorText(error, { ...TEXT, json: true });
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      level: 'error',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      msg: 'a row of shop.files has 70000000 bytes; the topic takes 1048576',
      code: 'ROW_TOO_LARGE',
      exit: 7,
      hint: 'Raise max.message.bytes of cdc.shop.files.',
      facts: { table: 'shop.files', position: 'binlog.000007:4711' },
    });
  });

  it('shows stack and causes when asked to', () => {
    const text = errorText(error, { ...TEXT, verbose: true });
    expect(text).toContain('\nRowcastError: a row of shop.files');
    expect(text).toContain('\ncaused by Error: hidden\n    at ');
  });
});

describe('anything else that is thrown', () => {
  it('is a defect: its own stack, without that of the wrapper', () => {
    const text = errorText(new RangeError('out of range'), TEXT);
    expect(text).toMatch(/^error INTERNAL: out of range\n {2}This is a defect of Rowcast\. .*\ncaused by RangeError: out of range\n {4}at /);
    expect(text).not.toContain('RowcastError:');
  });

  it('may be no error at all', () => {
    expect(errorText({ odd: 1 }, TEXT)).toContain('caused by { odd: 1 }');
    expect(errorText('text', TEXT)).toMatch(/^error INTERNAL: text\n/);
  });

  it('ends even where causes go in a circle', () => {
    const one = new Error('one');
    const two = new Error('two', { cause: one });
    one.cause = two;
    expect(errorText(one, TEXT).match(/caused by/g)).toHaveLength(8);
  });
});
