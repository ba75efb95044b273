import type { KafkaPorts, KafkaSettings } from '../../scripts/servers/kafka.ts';

/**
 * Settings of a Kafka with a second listener, at the port `behind`, that tells its clients of no address but `proxy`: whoever
 * begins at the proxy stays on a line that a test can break.
 */
export function listensBehind(behind: number, proxy: { readonly port: number }): (ports: KafkaPorts) => KafkaSettings {
  return ({ port, controller }) => ({
    listeners: `PLAINTEXT://127.0.0.1:${String(port)},PROXY://127.0.0.1:${String(behind)},CONTROLLER://127.0.0.1:${String(controller)}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${String(port)},PROXY://127.0.0.1:${String(proxy.port)}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXY:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
  });
}
