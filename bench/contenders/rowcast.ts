import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { CONTAINER_NODE, NODE_ENVIRONMENT, NODE_FLAGS } from '../../scripts/container-node.ts';
import { nodeRelease } from '../../scripts/servers/node-release.ts';
import type { Contender, Course } from './contender.ts';

export interface RowcastSetting {
  readonly format: string;
  readonly compression: string;
  /** @default at-least-once */
  readonly delivery?: 'at-least-once' | 'exactly-once';
  /** What is special about it, for people. */
  readonly with?: string;
  /** Keys of the route for all, which win over those given here. */
  readonly route?: Readonly<Record<string, unknown>>;
  /** Patterns of tables that have a route of their own each, before the one for all. */
  readonly ownRoutes?: readonly string[];
  /** Other keys of the file, which win over those given here. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Further flags of Node. */
  readonly flags?: readonly string[];
}

/** This project's daemon, as it was built and as the container starts it. */
export function rowcast(setting: RowcastSetting): Contender {
  const { format, compression, delivery, with: special } = setting;
  return {
    name: `Rowcast, ${format}${compression === 'none' ? '' : `, ${compression}`}${delivery === 'exactly-once' ? ', exactly-once' : ''}${special === undefined ? '' : `, ${special}`}`,
    start: async (course) => {
      const file = join(course.folder, 'bench.yaml');
      writeFileSync(file, stringify(configuration(setting, course)));
      return spawn(await nodeRelease(CONTAINER_NODE), [...NODE_FLAGS, ...(setting.flags ?? []), 'dist/cli/main.js', 'run', '-c', file], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...NODE_ENVIRONMENT } });
    },
  };
}

function configuration({ format, compression, delivery = 'at-least-once', route, ownRoutes = [], more }: RowcastSetting, course: Course): object {
  const { topic } = course;
  const routes = [...ownRoutes.map((tables) => ({ tables: [tables] })), { tables: [course.tables], ...route }];
  return {
    name: 'bench',
    source: { host: '127.0.0.1', port: course.mysqlPort, user: 'root', tls: { mode: 'disabled' }, start: { file: course.file, position: course.position } },
    sink: { type: 'kafka', brokers: [`127.0.0.1:${course.kafkaPort}`], compression, delivery, topics: { create: delivery === 'exactly-once' } },
    // A topic of its own for each run: the positions of an earlier one are none of its.
    checkpoint: { path: join(course.folder, 'checkpoint'), topic: `${topic}.checkpoint` },
    format,
    routes: routes.map((each) => ({ topic, tombstones: false, ...each })),
    http: false,
    log: { level: 'warn' },
    ...more,
  };
}
