import type { Config } from '../config/compile.ts';
import type { Router } from '../core/plan.ts';
import { createRouter } from '../route/router.ts';

/** The router that the configuration asks for. @throws RowcastError CONFIG_INVALID, CONDITION_INVALID */
export function routerOf(config: Config): Router {
  return createRouter(config.routes, { maskingKey: config.masking.key });
}
