import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';

describe('Secret (Invariant 10)', () => {
  const secret = new Secret('hunter2');

  it('gives its text to whoever asks for it by name', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it('does not show in templates, sums, JSON or dumps, however deep', () => {
    expect(String(secret)).toBe('[secret]');
    expect('password ' + String(secret)).toBe('password [secret]');
    expect(JSON.stringify({ source: { password: secret } })).toBe('{"source":{"password":"[secret]"}}');
    expect(inspect({ a: { b: [secret] } }, { depth: 9, showHidden: true })).toBe('{ a: { b: [ [secret], [length]: 1 ] } }');
  });

  it('has no property to be copied or listed', () => {
    expect(Object.keys(secret)).toEqual([]);
    expect(Object.getOwnPropertyNames(secret)).toEqual([]);
  });
});
