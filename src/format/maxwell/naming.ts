import type { MaxwellOptions } from './options.ts';

/** Names of fields and columns in messages. Source: Maxwell's `output_naming_strategy`. */
export function namingOf(naming: MaxwellOptions['naming']): (name: string) => string {
  return naming === 'none' ? (name) => name : camelCase;
}

/**
 * `favorite_color` as `favoriteColor`: underscores go, and the letter after one becomes large. Those in front only go, the
 * first of two in a row makes the second the letter, and a name of nothing else stays.
 */
function camelCase(name: string): string {
  let result = '';
  for (let at = 0; at < name.length; at++) {
    const letter = name.charAt(at);
    if (letter !== '_') {
      result += letter;
      continue;
    }
    if (result === '' || at + 1 >= name.length) continue;
    const next = name.charAt(++at);
    result += /\p{Ll}/u.test(next) ? javaUpperCase(next) : next;
  }
  return result === '' ? name : result;
}

/** One UTF-16 unit for one, as Java's `Character.toUpperCase`: ß has no large letter of one unit and stays. */
function javaUpperCase(letter: string): string {
  const large = letter.toUpperCase();
  return large.length === 1 ? large : letter;
}
