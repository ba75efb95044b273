import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';

const folder = new URL('../../../config/', import.meta.url);

describe('config/*.yaml', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s loads in an empty environment', (name) => {
    expect(loadConfig(new URL(name, folder).pathname, {}).routes.length).toBeGreaterThan(0);
  });

  it('has a minimal one of five lines', () => {
    expect(readFileSync(new URL('minimal.yaml', folder), 'utf8').trimEnd().split('\n')).toHaveLength(5);
  });

  it('lets the environment point the examples elsewhere', () => {
    const env = { MYSQL_HOST: 'db', MYSQL_PORT: '3310', KAFKA_BROKERS: 'k1:9092,k2:9092', CHECKPOINT: '/var/x' };
    expect(loadConfig(new URL('minimal.yaml', folder).pathname, env)).toMatchObject({ source: { host: 'db', port: 3310 }, sink: { brokers: ['k1:9092', 'k2:9092'] }, checkpoint: { path: '/var/x' } });
  });
});
