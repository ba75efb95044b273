import type { Secret } from '../../core/secret.ts';

/** How record batches are compressed. */
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** Encryption; texts are PEM. */
export interface KafkaTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
}

/** Login. `token` is asked for at every login, so that it may change between two. */
export type KafkaSasl =
  | { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: Secret }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

export interface KafkaSinkOptions {
  /** `host:port` of some of the brokers; an IPv6 address in brackets. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** True for the certificates of the system. */
  readonly tls?: boolean | KafkaTls | undefined;
  readonly sasl?: KafkaSasl | undefined;
  readonly compression: Compression;
  readonly topics: {
    /** Create topics that do not exist. */
    readonly create: boolean;
    /** Of a topic that is created; without it the broker's default. */
    readonly partitions?: number | undefined;
    readonly replicationFactor?: number | undefined;
  };
  /** A batch is closed at this many bytes before compression, or at the topic's `max.message.bytes` where that is less. */
  readonly batchBytes: number;
  /** How long an answer may take, in milliseconds, before the connection is given up. */
  readonly requestTimeoutMs: number;
  /** How long one attempt to connect and log in may take, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** What the gate may hold, in bytes; free buffers are kept for use again up to a quarter of it. */
  readonly memory: number;
}
