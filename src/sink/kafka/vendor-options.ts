import type { Logger } from '../../core/ports.ts';
import type { KafkaSinkOptions } from './options.ts';

/** What kafkajs hands to `tls.connect`; null for no encryption. */
export function ssl(options: KafkaSinkOptions): object | null {
  const tls = options.tls;
  if (tls === undefined || tls === false) return null;
  if (tls === true) return {};
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}

/** kafkajs's login options; null for no login. It keeps its own things in the object, so every connection gets a new one. */
export function sasl(options: KafkaSinkOptions): object | null {
  const login = options.sasl;
  if (login === undefined) return null;
  if (login.mechanism === 'oauthbearer') {
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await login.token() }) };
  }
  return { mechanism: login.mechanism, username: login.username, password: login.password.reveal() };
}

type VendorLog = (message: string, extra?: object) => void;

interface VendorLogger {
  namespace(name: string): VendorLogger;
  readonly debug: VendorLog;
  readonly info: VendorLog;
  readonly warn: VendorLog;
  readonly error: VendorLog;
}

/** All that kafkajs says goes to debug: whatever matters of it comes as an error as well. */
export function quietLogger(logger: Logger): VendorLogger {
  const say: VendorLog = (message) => { logger.debug(`kafkajs: ${message}`); };
  const quiet: VendorLogger = { namespace: () => quiet, debug: () => undefined, info: say, warn: say, error: say };
  return quiet;
}
