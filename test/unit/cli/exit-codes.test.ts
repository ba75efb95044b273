import { describe, expect, it } from 'vitest';
import { errorsMarkdown } from '../../../src/cli/errors-markdown.ts';
import { EXIT_CODES } from '../../../src/cli/exit-codes.ts';
import { ERRORS } from '../../../src/core/errors.ts';

describe('exit codes', () => {
  it('cover every code of the error table and what verify finds, and no other below those of signals', () => {
    const used = new Set<number>([...Object.values(ERRORS).map(({ exit }) => exit), 10, 11]);
    expect(EXIT_CODES.map(([code]) => code).filter((code) => code > 1 && code < 128)).toEqual([...used].toSorted((one, other) => one - other));
  });

  it('are documented with every error', () => {
    const text = errorsMarkdown();
    for (const code of Object.keys(ERRORS)) expect(text).toContain(`| \`${code}\` |`);
    expect(text).toContain('| 2 | the configuration is wrong or cannot be read |');
  });
});
