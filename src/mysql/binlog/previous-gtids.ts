import { exact, type Cursor } from './cursor.ts';
import { formatUuid } from './uuid.ts';

/**
 * MySQL PREVIOUS_GTIDS (35): 8 count, or, with tags, 1 · 6 count · 1 (both ones tell that tags follow) · each: 16 uuid ·
 * with tags: its tag's length and bytes · 8 number of intervals · each: 8 first · 8 after the last. As a GTID set's text.
 * @throws RowcastError EVENT_CORRUPT
 */
export function readPreviousGtids(body: Cursor): string {
  const head = body.u64();
  const tagged = head >> 56n === 1n;
  const count = exact(tagged ? (head >> 8n) & 0xffffffffffffn : head);
  const parts: string[] = [];
  for (let i = 0; i < count; i++) {
    const uuid = formatUuid(body.slice(16));
    const tag = tagged ? body.text(exact(body.varlen())) : '';
    parts.push(`${uuid}${tag === '' ? '' : `:${tag}`}${readIntervals(body)}`);
  }
  return parts.join(',');
}

function readIntervals(body: Cursor): string {
  let text = '';
  for (let left = body.number64(); left > 0; left--) {
    const first = body.number64();
    const last = body.number64() - 1;
    text += first === last ? `:${first}` : `:${first}-${last}`;
  }
  return text;
}
