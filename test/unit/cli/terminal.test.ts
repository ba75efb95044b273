import { describe, expect, it } from 'vitest';
import { painter } from '../../../src/cli/terminal.ts';

describe('colours', () => {
  it('are for terminals', () => {
    expect(painter({ env: {} }, true)('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(painter({ env: {} }, false)('red', 'x')).toBe('x');
  });

  it('are off where NO_COLOR is set to anything', () => {
    expect(painter({ env: { NO_COLOR: '0' } }, true)('red', 'x')).toBe('x');
    expect(painter({ env: { NO_COLOR: '' } }, true)('green', 'x')).toBe('\u001b[32mx\u001b[39m');
  });
});
