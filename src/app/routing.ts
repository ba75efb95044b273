import type { Config } from '../config/compile.ts';
import type { NoticeRoutes } from '../route/notices.ts';
import { createNoticeRouter } from '../route/notices.ts';
import { createRouter } from '../route/router.ts';
import type { RouteTable } from '../route/router.ts';

/** The router that the configuration asks for. @throws RowcastError CONFIG_INVALID, CONDITION_INVALID */
export function routerOf(config: Config): RouteTable {
  return createRouter(config.routes, { maskingKey: config.masking.key });
}

/** Where schema changes and truncates go. @throws RowcastError CONFIG_INVALID */
export function noticesOf(config: Config): NoticeRoutes {
  return createNoticeRouter(config.routes);
}
