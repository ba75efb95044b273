import type { Config } from '../config/compile.ts';
import type { Conditions } from '../route/conditions.ts';
import type { NoticeRoutes } from '../route/notices.ts';
import { createNoticeRouter } from '../route/notices.ts';
import { createRouter } from '../route/router.ts';
import type { RouteTable } from '../route/router.ts';

/** The router that the configuration asks for. @throws RowcastError CONFIG_INVALID, CONDITION_INVALID */
export async function routerOf(config: Config): Promise<RouteTable> {
  return createRouter(config.routes, { maskingKey: config.masking.key, conditions: await conditionsOf(config) });
}

/** Where schema changes and truncates go. @throws RowcastError CONFIG_INVALID */
export function noticesOf(config: Config): NoticeRoutes {
  return createNoticeRouter(config.routes);
}

/** The language, where some route has a condition; null elsewhere, as it takes 8 MB of memory. */
async function conditionsOf({ routes }: Config): Promise<Conditions | null> {
  if (routes.every(({ where, when }) => where === null && when === null)) return null;
  const { CONDITIONS } = await import('../route/condition/language.ts');
  return CONDITIONS;
}
