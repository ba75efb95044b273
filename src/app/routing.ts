import type { Config } from '../config/compile.ts';
import { createRouter } from '../route/router.ts';
import type { RouteTable } from '../route/router.ts';

/** The router that the configuration asks for. @throws RowcastError CONFIG_INVALID, CONDITION_INVALID */
export function routerOf(config: Config): RouteTable {
  return createRouter(config.routes, { maskingKey: config.masking.key });
}
