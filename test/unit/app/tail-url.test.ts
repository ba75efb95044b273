import { describe, expect, it } from 'vitest';
import { parseServerUrl } from '../../../src/app/tail-url.ts';

describe('the URL of a tail', () => {
  it('names server, account and TLS', () => {
    const { password, ...server } = parseServerUrl('mysql://row%40cast:p%40ss%3Aw%2Frd%25@db.example:3307/?tls=verify-ca');
    expect(server).toEqual({ host: 'db.example', port: 3307, user: 'row@cast', tls: { mode: 'verify-ca', ca: null, cert: null, key: null }, connectTimeout: 10_000 });
    expect(password.reveal()).toBe('p@ss:w/rd%');
  });

  it('has defaults', () => {
    const { host, port, password, tls } = parseServerUrl('mariadb://root@127.0.0.1');
    expect([host, port, password.reveal(), tls.mode]).toEqual(['127.0.0.1', 3306, '', 'preferred']);
  });

  it('takes the brackets off an IPv6 address', () => {
    expect(parseServerUrl('mysql://root@[::1]:33060/')).toMatchObject({ host: '::1', port: 33060 });
  });

  it.each([
    ['postgres://u:s3cret@h/', 'this is no URL of a MySQL or MariaDB server'],
    ['u:s3cret@h', 'this is no URL of a MySQL or MariaDB server'],
    ['mysql://u:s3cret@h:99999/', 'this is no URL of a MySQL or MariaDB server'],
    ['mysql://:s3cret@h/', 'the URL names no user'],
    ['mysql://u:s3cret@h/shop', 'the URL names a database, which says nothing about what to show'],
    ['mysql://u:s3cret@h/?ssl=1', 'the URL has a parameter that is not known'],
    ['mysql://u:s3cret@h/?tls=on', 'the parameter tls of the URL has a value that is not known'],
    ['mysql://u:s3cret%zz@h/', 'the URL has a % that begins no escape'],
  ])('refuses %s without showing the password', (url, message) => {
    const refuse = (): unknown => {
      try {
        return parseServerUrl(url);
      } catch (error) {
        return error;
      }
    };
    const error = refuse();
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message });
    expect(JSON.stringify({ message: (error as Error).message, hint: (error as { hint: string }).hint })).not.toContain('s3cret');
    expect((error as Error).stack).not.toContain('s3cret');
  });
});
