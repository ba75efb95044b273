import { describe, expect, it } from 'vitest';
import { prettyChange } from '../../../src/cli/pretty-change.ts';
import { prettyChanges } from '../../../src/cli/pretty-stream.ts';
import { marked, plain, Sheet } from './support.ts';

const SOURCE = { database: 'shop', table: 'orders', time: '2026-11-23T12:34:56.789Z' };

function shown(message: object, paint = plain): string {
  return prettyChange(JSON.stringify({ source: SOURCE, ...message }), paint);
}

describe('a change in a terminal', () => {
  it('shows all of an inserted row', () => {
    expect(shown({ op: 'insert', after: { id: 1, name: 'a b', total: '10.00', note: null, tags: ['x'] } })).toBe(
      '12:34:56.789  insert  shop.orders  id=1  name="a b"  total="10.00"  note=null  tags=["x"]',
    );
  });

  it('shows all of a deleted row', () => {
    expect(shown({ op: 'delete', before: { id: 1 }, after: null })).toBe('12:34:56.789  delete  shop.orders  id=1');
  });

  it('shows the first column of an update and what changed', () => {
    expect(shown({ op: 'update', before: { id: 1, status: 'new', n: 1 }, after: { id: 1, status: 'paid', n: 1 } })).toBe('12:34:56.789  update  shop.orders  id=1  status="new" → "paid"');
  });

  it('shows a changed first column once', () => {
    expect(shown({ op: 'update', before: { id: 1, n: 1 }, after: { id: 2, n: 1 } })).toBe('12:34:56.789  update  shop.orders  id=1 → 2');
  });

  it('says so when nothing that is shown changed, and tells NULL and absent apart', () => {
    expect(shown({ op: 'update', before: { id: 1 }, after: { id: 1 } })).toBe('12:34:56.789  update  shop.orders  id=1  (nothing shown changed)');
    expect(shown({ op: 'update', before: { id: 1, a: null }, after: { id: 1 } })).toBe('12:34:56.789  update  shop.orders  id=1  a=null → (absent)');
  });

  it('has a colour for each operation', () => {
    expect(['insert', 'update', 'delete'].map((op) => shown({ op, before: {}, after: {} }, marked).split('  ')[1])).toEqual(['<green>insert</>', '<yellow>update</>', '<red>delete</>']);
    expect(shown({ op: 'update', before: { a: 1 }, after: { a: 2 } }, marked)).toBe('<gray>12:34:56.789</>  <yellow>update</>  <bold>shop.orders</>  <cyan>a</>=<red>1</> → <green>2</>');
  });

  it('cuts long values off', () => {
    expect(shown({ op: 'insert', after: { blob: 'x'.repeat(500) } })).toBe(`12:34:56.789  insert  shop.orders  blob="${'x'.repeat(79)}…`);
  });

  it('sends no control character of a value or name to the terminal', () => {
    const line = shown({ op: 'insert', after: { ['a\u001b[2Jb']: '\u001b]0;title\u0007\u009b31mred\r\n' } });
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(line).toContain('ab=');
  });

  it('shows the key of an update where the line has one', () => {
    const value = { op: 'update', source: SOURCE, before: { a: 1, id: 7, part: 2 }, after: { a: 2, id: 7, part: 2 } };
    expect(prettyChange(JSON.stringify({ topic: 't', key: { id: 7, part: 2 }, value, headers: {} }), plain)).toBe('12:34:56.789  update  shop.orders  id=7  part=2  a=1 → 2');
    expect(prettyChange(JSON.stringify({ topic: 't', key: null, value, headers: {} }), plain)).toBe('12:34:56.789  update  shop.orders  a=1 → 2');
  });

  it('shows a message without a time', () => {
    expect(prettyChange('{"op":"delete","source":{"database":"a","table":"b"},"before":{"x":1}}', plain)).toBe('--:--:--.---  delete  a.b  x=1');
  });

  it.each(['not json', '[]', 'null', '{"op":"x","source":{}}', '{"op":"insert"}'])('leaves %s as it is', (json) => {
    expect(prettyChange(json, plain)).toBe(json);
  });
});

describe('the stream of changes', () => {
  const one = `${JSON.stringify({ op: 'insert', source: SOURCE, after: { name: 'Žluťoučký' } })}\n`;
  const line = '12:34:56.789  insert  shop.orders  name="Žluťoučký"\n';

  it.each([1, 2, 7, 1_000])('puts lines together from pieces of %i bytes', async (step) => {
    const sheet = new Sheet();
    const stream = prettyChanges(sheet, plain);
    const bytes = Buffer.from(one + one);
    for (let at = 0; at < bytes.length; at += step) stream.write(bytes.subarray(at, at + step));
    await new Promise<void>((resolve) => stream.end(resolve));
    expect(sheet.text).toBe(line + line);
  });

  it('shows a last line without its end', async () => {
    const sheet = new Sheet();
    const stream = prettyChanges(sheet, plain);
    await new Promise<void>((resolve) => stream.end(one.trimEnd(), resolve));
    expect(sheet.text).toBe(line);
  });

  it('waits for the output', async () => {
    const waiting: (() => void)[] = [];
    const slow = new Sheet();
    slow._write = (_chunk, _encoding, done) => waiting.push(done);
    const stream = prettyChanges(slow, plain);
    let written = false;
    stream.write(one, () => (written = true));
    await Promise.resolve();
    expect([waiting.length, written]).toEqual([1, false]);
    waiting[0]?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(written).toBe(true);
  });
});
