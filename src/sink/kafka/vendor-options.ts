import { RowcastError } from '../../core/errors.ts';
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
    return { mechanism: 'oauthbearer', authenticationProvider: bearer(login.token) };
  }
  return { mechanism: login.mechanism, username: login.username, password: login.password.reveal() };
}

/** One message of a login and what comes back, as kafkajs passes them on: each begins with its length. */
type SaslExchange = (exchange: {
  request: { encode: () => Promise<Buffer> };
  response: { decode: (answer: Buffer) => Promise<Buffer>; parse: (answer: Buffer) => Promise<string> };
}) => Promise<string>;

/*
 * SASL OAUTHBEARER. Source: RFC 7628, sections 3.1 and 3.2.3.
 * client: "n,," 01 "auth=Bearer " token 01 01      server: nothing, or the reason of a refusal as JSON
 * The reason comes as an answer without an error code, which kafkajs's own provider takes for success.
 */
function bearer(token: () => Promise<string>): (parts: { host: string; port: number; saslAuthenticate: SaslExchange }) => { authenticate: () => Promise<void> } {
  return ({ host, port, saslAuthenticate }) => ({
    authenticate: async () => {
      const message = Buffer.from(`n,,\x01auth=Bearer ${await token()}\x01\x01`);
      const length = Buffer.alloc(4);
      length.writeInt32BE(message.length);
      const reason = await saslAuthenticate({
        request: { encode: () => Promise.resolve(Buffer.concat([length, message])) },
        response: { decode: (answer) => Promise.resolve(answer.subarray(4)), parse: (answer) => Promise.resolve(answer.toString()) },
      });
      if (reason !== '') throw new RowcastError('SINK_AUTH', `Broker ${host}:${String(port)} refused the token: ${reason}`, { hint: 'Check sink.sasl.token or sink.sasl.tokenFile: the token must be valid now, with the scope and claims that the brokers ask for.' });
    },
  });
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
