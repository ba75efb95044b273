import { describe, expect, it } from 'vitest';
import type { Projection } from '../../../../src/core/projection.ts';
import { createFormat } from '../../../../src/format/formats.ts';
import { EVENT, FULL, image, MASKED, message, OPTIONS, PROJECTION, TABLE, written } from '../support.ts';

const encoder = createFormat({ type: 'plain' }, OPTIONS).encoder(PROJECTION);
const SOURCE = '"source":{"name":"crm","connector":"mysql","database":"shop","table":"t","time":"2026-11-23T15:25:11.487592Z","serverId":3,"threadId":115,"gtid":"u:7","file":"binlog.000007","position":120,"row":2},"transaction":{"id":"u:7"}';

describe('plain', () => {
  it('writes an update with both images, without the hidden column', () => {
    const text = written((out) => {
      encoder.value(message('update', { before: image(null, 1), after: image(5, 1) }), out);
    });
    expect(text).toBe(`{"op":"update",${SOURCE},"before":{"a\\"":null,"id":1},"after":{"a\\"":5,"id":1}}`);
  });

  it('marks the halves of a changed key and shows the other key', () => {
    const half = message('delete', { before: image(5, 1), keyChange: 'old', otherKey: image(5, 2) });
    const text = written((out) => {
      encoder.value(half, out);
    });
    expect(text).toBe(`{"op":"delete","keyChange":"old","otherKey":{"id":2},${SOURCE},"before":{"a\\"":5,"id":1}}`);
    expect(encoder.headers(half)).toEqual([]);
  });

  it('writes the key', () => {
    expect(
      written((out) => {
        encoder.key(image(5, 1), out);
      }),
    ).toBe('{"id":1}');
  });

  it('encodes the source anew when event, query or transaction change', () => {
    const transaction = { ...EVENT.transaction, sequence: 2, gtid: null, gtidParts: null, threadId: null, id: 'binlog.000007:4' };
    const event = { ...EVENT, table: TABLE, transaction, position: 120, query: 'delete "x"' };
    const full = createFormat({ type: 'plain' }, OPTIONS).encoder(FULL);
    const text = written((out) => {
      full.value(message('insert', { after: image(5, 1), event: EVENT }), out);
      out.at = 0;
      full.value(message('insert', { after: image(5, 1), event }), out);
    });
    expect(text).toContain('"threadId":null,"gtid":null,"file":"binlog.000007","position":120,"row":2,"query":"delete \\"x\\""},"transaction":{"id":"binlog.000007:4"},"after":');
  });
});

describe.each(['plain', 'debezium'] as const)('the SQL text in %s', (name) => {
  const event = { ...EVENT, query: "insert into t values (5, 'hidden', 1)" };
  const shownWith = (projection: Projection): string =>
    written((out) => {
      createFormat({ type: name }, OPTIONS).encoder(projection).value(message('insert', { after: image(5, 1), event }), out);
    });

  it('is shown where every column is', () => {
    expect(shownWith(FULL)).toContain(`"query":"insert into t values (5, 'hidden', 1)"}`);
  });

  it.each([
    ['left out', PROJECTION],
    ['masked', MASKED],
  ])('is not shown where a column is %s', (_, projection) => {
    expect(shownWith(projection)).not.toContain('insert into');
  });
});

describe('a damaged image', () => {
  it('is refused', () => {
    const damaged = image(5, 1);
    damaged.limit = 3;
    expect(() =>
      written((out) => {
        encoder.value(message('insert', { after: damaged }), out);
      }),
    ).toThrow('a row of shop.t runs past the end of its event');
  });
});
