import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/config/nearest.ts';

const KEYS = ['host', 'port', 'user', 'password', 'tls', 'serverId', 'connectTimeout', 'start'];

describe('the nearest known word', () => {
  it.each([
    ['hots', 'host'],
    ['prot', 'port'],
    ['pasword', 'password'],
    ['server_id', 'serverId'],
    ['SERVER-ID', 'serverId'],
    ['conect_timeout', 'connectTimeout'],
    ['tsl', undefined],
    ['tl', 'tls'],
    ['brokers', undefined],
    ['', undefined],
  ])('of %j is %j', (word, expected) => {
    expect(nearest(word, KEYS)).toBe(expected);
  });

  it('takes the first of two that are equally near', () => {
    expect(nearest('porst', ['ports', 'horst'])).toBe('horst');
    expect(nearest('bar', ['baz', 'car'])).toBe('baz');
  });
});
