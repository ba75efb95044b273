import { Unanswerable } from './unanswerable.ts';

/** The most digits that an exponent of a literal may add: what a double can. */
const MAX_EXPONENT = 400;

/** An exact decimal, `unscaled` / 10^`scale`: a DECIMAL of a row, or a literal with its own digits. */
export class Exact {
  readonly unscaled: bigint;
  readonly scale: number;
  /** For a literal: what it is beside a double. */
  readonly double: number | undefined;

  constructor(unscaled: bigint, scale: number, double?: number) {
    this.unscaled = unscaled;
    this.scale = scale;
    this.double = double;
  }

  /** Digits with a point where there is a fraction; zeros at its end are kept. */
  toString(): string {
    const digits = String(this.unscaled < 0n ? -this.unscaled : this.unscaled).padStart(this.scale + 1, '0');
    const sign = this.unscaled < 0n ? '-' : '';
    const point = digits.length - this.scale;
    return this.scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  }
}

/** Digits, point and exponent as they are written. @throws Unanswerable for any other text, or an absurd exponent */
export function parseExact(text: string, double?: number): Exact {
  const match = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const fraction = match?.[3] ?? '';
  const digits = (match?.[2] ?? '') + fraction;
  const exponent = Number(match?.[4] ?? '0');
  if (match === null || digits === '' || Math.abs(exponent) > MAX_EXPONENT) throw new Unanswerable('a number is not one that can be compared exactly');
  const unscaled = BigInt((match[1] ?? '') + digits);
  const scale = fraction.length - exponent;
  return scale >= 0 ? new Exact(unscaled, scale, double) : new Exact(unscaled * 10n ** BigInt(-scale), 0, double);
}

/** Both over the larger of their scales. */
export function align(a: Exact, b: Exact): readonly [bigint, bigint, number] {
  if (a.scale === b.scale) return [a.unscaled, b.unscaled, a.scale];
  if (a.scale < b.scale) return [a.unscaled * powerOfTen(b.scale - a.scale), b.unscaled, b.scale];
  return [a.unscaled, b.unscaled * powerOfTen(a.scale - b.scale), a.scale];
}

const POWERS: bigint[] = [];

function powerOfTen(exponent: number): bigint {
  return (POWERS[exponent] ??= 10n ** BigInt(exponent));
}
