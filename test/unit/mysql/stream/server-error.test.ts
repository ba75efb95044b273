import { describe, expect, it } from 'vitest';
import { failureOf, parseErrorPacket, sourceError } from '../../../../src/mysql/stream/server-error.ts';

const code = (errno: number, message: string, word = ''): string => sourceError({ errno, message, code: word }, 'db:3306').code;

describe('server errors', () => {
  it('reads an error packet with and without an SQL state', () => {
    const plain = Buffer.from('\xff\xd4\x04no binlog', 'latin1');
    expect(parseErrorPacket(plain, 0, plain.length)).toEqual({ errno: 1236, message: 'no binlog', code: '' });
    const state = Buffer.from('..\xff\xd4\x04#HY000gone', 'latin1');
    expect(parseErrorPacket(state, 2, state.length)).toEqual({ errno: 1236, message: 'gone', code: '' });
    expect(parseErrorPacket(Buffer.from([0xff]), 0, 1).errno).toBe(0);
  });

  it.each([
    ['SERVER_ID_TAKEN', 'A slave with the same server_uuid/server_id as this slave has connected to the master'],
    ['SERVER_ID_TAKEN', 'A replica with the same server_uuid/server_id as this replica has connected to the source'],
    ['SOURCE_POSITION_PURGED', 'Could not find first log file name in binary log index file'],
    ['SOURCE_POSITION_PURGED', 'Cannot replicate because the source purged required binary logs.'],
    ['SOURCE_POSITION_PURGED', 'Could not find GTID state requested by slave in any binlog files. Probably the slave state is too old and required binlog files have been purged.'],
    ['SOURCE_POSITION_FOREIGN', "Slave has more GTIDs than the master has, using the master's SERVER_UUID."],
    ['SOURCE_POSITION_FOREIGN', "Error: connecting slave requested to start from GTID 0-1-99, which is not in the master's binlog"],
    ['SOURCE_POSITION_FOREIGN', 'Client requested master to start replication from impossible position'],
    ['SOURCE_REFUSED', 'log event entry exceeded max_allowed_packet; Increase max_allowed_packet on master'],
    ['EVENT_CORRUPT', 'event read from binlog did not pass crc checksum test'],
    ['SOURCE_LOST', 'binlog truncated in the middle of event'],
  ])('tells %s from the text of error 1236: %s', (expected, text) => {
    expect(code(1236, text)).toBe(expected);
  });

  it('knows MariaDB, which has a number of its own for a taken server id', () => {
    expect(code(4052, 'A slave with the same server_uuid/server_id is already connected')).toBe('SERVER_ID_TAKEN');
  });

  it.each([
    ['SOURCE_AUTH', 1045, ''],
    ['SOURCE_REFUSED', 1227, ''],
    ['SOURCE_REFUSED', 1064, ''],
    ['SOURCE_TLS', 3159, ''],
    ['SOURCE_TLS', 0, 'HANDSHAKE_NO_SSL_SUPPORT'],
    ['SOURCE_TLS', 0, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['SOURCE_TLS', 0, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['SOURCE_LOST', 1053, ''],
    ['SOURCE_LOST', 1040, ''],
    ['SOURCE_LOST', 0, 'ECONNREFUSED'],
    ['SOURCE_LOST', 0, 'PROTOCOL_CONNECTION_LOST'],
  ])('is %s for number %i and word %s', (expected, errno, word) => {
    expect(code(errno, 'x', word)).toBe(expected);
  });

  it('takes a broken connection during the TLS handshake for one, and a bad certificate for a bad certificate', () => {
    expect(code(0, 'self-signed certificate in certificate chain', 'HANDSHAKE_SSL_ERROR')).toBe('SOURCE_TLS');
    expect(code(0, 'Client network socket disconnected before secure TLS connection was established', 'HANDSHAKE_SSL_ERROR')).toBe('SOURCE_LOST');
  });

  it.each([
    ["Hostname/IP does not match certificate's altnames: Host: db. is not in the cert's altnames: DNS:other", /not for this host/],
    ['certificate has expired', /Renew the certificate/],
    ['self-signed certificate in certificate chain', /No CA that is trusted.*tls\.ca/],
    ['unable to verify the first certificate', /No CA that is trusted/],
    ['unable to get local issuer certificate', /No CA that is trusted/],
    ['Server does not support secure connection', /Give the server a certificate.*tls\.mode/],
    ['error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version', /TLS 1\.2 is the oldest/],
    ['error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate', /tls\.cert and tls\.key/],
    ['something else', /Check source\.tls/],
  ])('says what to do about a TLS connection that was not made: %s', (message, hint) => {
    expect(sourceError({ errno: 0, message, code: 'HANDSHAKE_SSL_ERROR' }, 'db:3306')).toMatchObject({ code: 'SOURCE_TLS', hint: expect.stringMatching(hint) as string });
  });

  it('names the login plugin that a server asks for in vain, one that would send the password as it is among them', () => {
    const unknown = sourceError({ errno: 0, message: 'Server requests authentication using unknown plugin parsec. See TODO', code: 'AUTH_SWITCH_PLUGIN_ERROR' }, 'db:3306');
    expect(unknown).toMatchObject({ code: 'SOURCE_AUTH', retry: false, message: 'db:3306 asks for the login plugin parsec, which is not supported', hint: expect.stringContaining('caching_sha2_password') as string });
    const clear = sourceError({ errno: 0, message: 'Server requested authentication using mysql_clear_password, which …', code: 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED' }, 'db:3306');
    expect(clear).toMatchObject({ code: 'SOURCE_AUTH', retry: false, message: expect.stringContaining('plugin mysql_clear_password') as string });
    expect(code(0, 'the key of the server is none', 'AUTH_SWITCH_PLUGIN_ERROR')).toBe('SOURCE_AUTH');
  });

  it('reads what drivers and the system throw, several causes included', () => {
    expect(failureOf(Object.assign(new Error('refused'), { errno: -111, code: 'ECONNREFUSED' }))).toEqual({ message: 'refused', errno: 0, code: 'ECONNREFUSED' });
    const both = Object.assign(new AggregateError([new Error('a'), new Error('b')]), { code: 'ECONNREFUSED' });
    expect(failureOf(both)).toEqual({ message: 'a; b', errno: 0, code: 'ECONNREFUSED' });
    expect(failureOf('text')).toEqual({ message: 'text', errno: 0, code: '' });
  });
});
