// `npm run demo`: installs, builds, and hands over to scripts/demo/main.ts in this same process.
import { requireNode, requirePackages, root, step } from './bootstrap.mjs';
import { join } from 'node:path';

requireNode();
requirePackages();
step('build', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
const { register } = await import('tsx/esm/api');
register();
await import('./demo/main.ts');
