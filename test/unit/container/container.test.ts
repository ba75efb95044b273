import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONTAINER_NODE, NODE_ENVIRONMENT, NODE_FLAGS } from '../../../scripts/container-node.ts';
import { METRICS } from '../../../src/observe/metrics-table.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly read_only?: boolean;
}

const compose = parse(read('docker-compose.yml')) as { readonly services: Readonly<Record<string, Service>>; readonly volumes: Readonly<Record<string, unknown>> };

describe('Dockerfile', () => {
  const text = read('Dockerfile');
  const file = DockerfileParser.parse(text);
  const last = file.getInstructions().slice(file.getInstructions().findLastIndex((each) => each.getKeyword() === 'FROM'));
  const value = (keyword: string): string | undefined => last.findLast((each) => each.getKeyword() === keyword)?.getArgumentsContent() ?? undefined;

  it('passes the linter', () => {
    expect(validate(text).map((each) => each.message)).toEqual([]);
  });

  it('would not pass it with a mistake', () => {
    expect(validate(text.replace('USER node', 'USR node')).length).toBeGreaterThan(0);
  });

  it('has two stages on the Node that the benchmark measures, and the second runs as nobody special', () => {
    const image = `node:${String(CONTAINER_NODE)}-bookworm-slim`;
    expect(file.getFROMs().map((each) => each.getImage())).toEqual([image, image]);
    expect(value('USER')).toBe('node');
  });

  it('starts node itself, so that signals reach it, and is checked for health', () => {
    expect(JSON.parse(value('ENTRYPOINT') ?? '')).toEqual(['node', ...NODE_FLAGS, 'dist/cli/main.js']);
    expect(value('ENV')).toBe(Object.entries({ NODE_ENV: 'production', ...NODE_ENVIRONMENT }).map(([name, set]) => `${name}=${set}`).join(' '));
    expect(value('HEALTHCHECK')).toContain('["node", "dist/cli/healthcheck.js"]');
    expect(existsSync(join(root, 'src/cli/main.ts'))).toBe(true);
    expect(existsSync(join(root, 'src/cli/healthcheck.ts'))).toBe(true);
  });

  it('copies only what is there and what .dockerignore lets through', () => {
    const allowed = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = file.getCOPYs().filter((each) => !each.getFlags().some((flag) => flag.getName() === 'from')).flatMap((each) => each.getArguments().slice(0, -1).map((argument) => argument.getValue().replace(/^\.\//, '')));
    expect(copied.length).toBeGreaterThan(4);
    for (const name of copied) {
      expect(existsSync(join(root, name)), name).toBe(true);
      expect(allowed).toContain(name);
    }
  });
});

describe('docker-compose.yml', () => {
  const mounts = Object.entries(compose.services).flatMap(([name, service]) => (service.volumes ?? []).map((mount) => [name, mount] as const));

  it('has MySQL, Kafka, the daemon, Prometheus and Grafana', () => {
    expect(Object.keys(compose.services)).toEqual(['mysql', 'kafka', 'rowcast', 'prometheus', 'grafana']);
    expect(compose.services['mysql']?.image).toBe('mysql:8.4');
    expect(compose.services['rowcast']?.read_only).toBe(true);
  });

  it.each(mounts)('%s mounts something that is there: %s', (_, mount) => {
    const [source = ''] = mount.split(':');
    if (source.startsWith('./')) expect(statSync(join(root, source)).size).toBeGreaterThan(0);
    else expect(Object.keys(compose.volumes)).toContain(source);
  });

  it('waits for services that there are', () => {
    for (const service of Object.values(compose.services)) for (const name of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(name);
  });

  it('has pages that Prometheus reaches, by its own file and on no other address of the host', () => {
    expect((parse(read('config/container/rowcast.yaml')) as { http: unknown }).http).toEqual({ host: '0.0.0.0', port: 9464 });
    expect((compose.services['rowcast'] as { readonly ports?: unknown }).ports).toEqual(['127.0.0.1:9464:9464']);
  });

  it('gives the daemon every variable that its file asks for', () => {
    const asked = [...read('config/container/rowcast.yaml').matchAll(/\$\{([A-Z_]+)(:-[^}]*)?\}/g)];
    const given = Object.keys(compose.services['rowcast']?.environment ?? {});
    const missing = asked.filter(([, name = '', fallback]) => fallback === undefined && !given.includes(name));
    expect(asked.length).toBeGreaterThan(3);
    expect(missing).toEqual([]);
  });
});

describe('the dashboard and the alerts', () => {
  const dashboard = JSON.parse(read('config/container/grafana/dashboards/rowcast.json')) as { readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[] };
  const alerts = parse(read('config/container/alerts.yml')) as { readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[] };
  const expressions = [...dashboard.panels.flatMap((panel) => panel.targets.map((target) => [panel.title, target.expr] as const)), ...alerts.groups.flatMap((group) => group.rules.map((rule) => [rule.alert, rule.expr] as const))];

  it.each(expressions)('%s asks for metrics that there are: %s', (_, expression) => {
    const names = [...expression.matchAll(/rowcast_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, ''));
    for (const name of names) expect(METRICS.map((metric) => metric.name)).toContain(name);
    expect(names.length + Number(expression.includes('process_'))).toBeGreaterThan(0);
  });
});
