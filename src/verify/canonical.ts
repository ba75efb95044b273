import { elements, eachMember, textOf } from './json-scan.ts';
import type { Span } from './json-scan.ts';

/**
 * What a column's value is in messages: `value`, any JSON; `document`, a document of a JSON column as such; `text`, such a
 * document as a JSON string.
 */
export type ValueKind = 'value' | 'document' | 'text';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const MINUS = 0x2d;

/**
 * A value in the one form that all its spellings share, or null where its bytes are that form already: no blanks, no
 * needless escapes, numbers by value. Inside documents, the two spellings that formats have for dates, times and opaque
 * values are one: without zeros at the end of a fraction, and without `base64:typeN:`.
 */
export function canonical(span: Span, kind: ValueKind): string | null {
  const { bytes, from, to } = span;
  if (kind === 'text' && bytes[from] === QUOTE) return documentInText(span);
  if (kind === 'value' && isPlain(bytes, from, to)) return null;
  return spelled(span, kind !== 'value');
}

/** Strings without escapes, literals and whole numbers are spelled in one way only. */
function isPlain(bytes: Buffer, from: number, to: number): boolean {
  const first = bytes[from] as number;
  if (first === QUOTE) {
    for (let at = from + 1; at < to; at++) if (bytes[at] === BACKSLASH) return false;
    return true;
  }
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return false;
  if (first !== MINUS && (first < DIGIT_0 || first > DIGIT_9)) return true;
  for (let at = from + 1; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte < DIGIT_0 || byte > DIGIT_9) return false;
  }
  return bytes[to - 1] !== DIGIT_0 || first !== MINUS;
}

function spelled(span: Span, document: boolean): string {
  const { bytes, from } = span;
  switch (bytes[from]) {
    case OPEN_OBJECT: {
      const parts: string[] = [];
      eachMember(bytes, from, (nameFrom, nameTo, valueFrom, valueTo) => {
        parts.push(`${stringOf({ bytes, from: nameFrom, to: nameTo }, false)}:${spelled({ bytes, from: valueFrom, to: valueTo }, document)}`);
      });
      return `{${parts.join(',')}}`;
    }
    case OPEN_ARRAY:
      return `[${elements(bytes, from).map((element) => spelled(element, document)).join(',')}]`;
    case QUOTE:
      return stringOf(span, document);
    default:
      return scalarOf(document ? doubleOf(textOf(span)) : textOf(span));
  }
}

function documentInText(span: Span): string {
  const text = JSON.parse(textOf(span)) as string;
  try {
    JSON.parse(text);
  } catch {
    // No document: a mask, or a value that was cut.
    return textOf(span);
  }
  const bytes = Buffer.from(text.trim());
  return spelled({ bytes, from: 0, to: bytes.length }, true);
}

const FRACTION = /^("-?(?:\d{4}-\d\d-\d\d )?\d{2,3}:\d\d:\d\d)(\.\d*?)0*"$/;
const OPAQUE = /^"base64:type\d+:/;

function stringOf(span: Span, document: boolean): string {
  const written = textOf(span);
  const text = written.includes('\\') ? JSON.stringify(JSON.parse(written)) : written;
  if (!document) return text;
  const [, whole, fraction] = FRACTION.exec(text) ?? [];
  if (whole !== undefined) return `${whole}${fraction === '.' ? '' : (fraction ?? '')}"`;
  // Base64 of MySQL breaks its lines.
  return OPAQUE.test(text) ? text.replace(OPAQUE, '"').replaceAll('\\n', '') : text;
}

/** A whole number that no integer of MySQL can be is a double; Debezium's spelling has all its digits. */
function doubleOf(text: string): string {
  return LONG.test(text) ? String(Number(text)) : text;
}

const LONG = /^-?\d{21,}$/;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A number as its digits, without zeros at either end, and a power of ten; a literal as it is. */
function scalarOf(text: string): string {
  const found = NUMBER.exec(text);
  if (found === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found;
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (short === '') return `${sign}0`;
  const power = Number(exponent) - fraction.length + digits.length - short.length;
  return power === 0 ? sign + short : `${sign}${short}e${String(power)}`;
}
