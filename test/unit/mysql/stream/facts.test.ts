import { describe, expect, it } from 'vitest';
import { beyond } from '../../../../src/mysql/stream/gtid-place.ts';
import { bytesBehind } from '../../../../src/mysql/stream/lag.ts';
import { atLeast, serverFacts } from '../../../../src/mysql/stream/server-facts.ts';
import { drawServerId } from '../../../../src/mysql/stream/server-id.ts';
import { replicaUuid, sessionStatements } from '../../../../src/mysql/stream/session-settings.ts';

describe('server facts', () => {
  it('tell MySQL and MariaDB apart', () => {
    const mysql = serverFacts(new Map([['version', '8.4.3-log'], ['server_uuid', 'u-1'], ['gtid_mode', 'ON_PERMISSIVE'], ['server_id', '5']]));
    expect([mysql.mariadb, mysql.version, mysql.identity, mysql.gtids]).toEqual([false, [8, 4, 3], 'u-1', false]);
    const maria = serverFacts(new Map([['version', '10.11.19-MariaDB-0+deb12u1-log'], ['server_id', '10']]));
    expect([maria.mariadb, maria.version, maria.identity, maria.gtids]).toEqual([true, [10, 11, 19], 'mariadb-10', true]);
    expect([atLeast(mysql, 8, 4), atLeast(mysql, 8, 4, 4), atLeast(mysql, 9, 0), atLeast(mysql, 5, 7, 44)]).toEqual([true, false, false, true]);
  });

  it('compare MariaDB positions by domain', () => {
    expect(beyond('0-1-5,1-1-7', '0-2-5,1-1-9')).toEqual([]);
    expect(beyond('0-1-6', '0-2-5')).toEqual(['0-1-6']);
    expect(beyond('3-1-1', '0-2-5')).toEqual(['3-1-1']);
    expect(beyond('', '0-2-5')).toEqual([]);
    expect(beyond('0-1-9007199254740993', '0-1-9007199254740992')).toEqual(['0-1-9007199254740993']);
  });

  it('counts the bytes behind over files', () => {
    const files = [{ name: 'b.1', size: 100 }, { name: 'b.2', size: 50 }, { name: 'b.3', size: 30 }];
    expect(bytesBehind(files, { file: 'b.2', position: 20 })).toBe(60);
    expect(bytesBehind(files, { file: 'b.3', position: 40 })).toBe(0);
    expect(bytesBehind(files, { file: 'gone', position: 4 })).toBeNull();
  });
});

describe('replica identity', () => {
  it('draws until the id is free', () => {
    const draws = [7, 8, 9];
    expect(drawServerId(new Set([7, 8]), () => draws.shift() ?? 0)).toBe(9);
  });

  it('has one uuid for one id', () => {
    expect(replicaUuid(255)).toBe('726f7763-6173-4000-8000-0000000000ff');
    expect(replicaUuid(4294967295)).toBe('726f7763-6173-4000-8000-0000ffffffff');
  });

  it('sets the session up before the dump', () => {
    const mysql = sessionStatements({ serverId: 1, heartbeat: 5000, mariadb: false }).join('; ');
    expect(mysql).toContain('@master_heartbeat_period=5000000000, @source_heartbeat_period=5000000000');
    expect(mysql).toContain("@master_binlog_checksum='CRC32'");
    expect(mysql).toContain('net_write_timeout=31536000');
    expect(mysql).not.toContain('mariadb');
    expect(sessionStatements({ serverId: 1, heartbeat: 5000, mariadb: true })).toContain('SET @mariadb_slave_capability=4');
  });
});
