/**
 * What a client does about an error of one partition: `again` sends the same batch again, `renew` begins a new
 * sequence first, `size` means the batch is too large, `auth` and `refused` end the daemon.
 */
export type Reaction = 'again' | 'renew' | 'size' | 'auth' | 'refused';

/** Kafka's error codes that brokers answer to producers, readers, members of groups and whoever makes topics. Source: Kafka protocol guide, "Error Codes". */
const CODES: Readonly<Record<number, readonly [name: string, reaction: Reaction]>> = {
  [-1]: ['UNKNOWN_SERVER_ERROR', 'again'],
  // An end that was asked for has moved since: it is asked for anew.
  1: ['OFFSET_OUT_OF_RANGE', 'again'],
  2: ['CORRUPT_MESSAGE', 'again'],
  3: ['UNKNOWN_TOPIC_OR_PARTITION', 'again'],
  5: ['LEADER_NOT_AVAILABLE', 'again'],
  6: ['NOT_LEADER_OR_FOLLOWER', 'again'],
  7: ['REQUEST_TIMED_OUT', 'again'],
  8: ['BROKER_NOT_AVAILABLE', 'again'],
  9: ['REPLICA_NOT_AVAILABLE', 'again'],
  10: ['MESSAGE_TOO_LARGE', 'size'],
  13: ['NETWORK_EXCEPTION', 'again'],
  14: ['COORDINATOR_LOAD_IN_PROGRESS', 'again'],
  15: ['COORDINATOR_NOT_AVAILABLE', 'again'],
  16: ['NOT_COORDINATOR', 'again'],
  17: ['INVALID_TOPIC_EXCEPTION', 'refused'],
  18: ['RECORD_LIST_TOO_LARGE', 'size'],
  19: ['NOT_ENOUGH_REPLICAS', 'again'],
  20: ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'again'],
  21: ['INVALID_REQUIRED_ACKS', 'refused'],
  22: ['ILLEGAL_GENERATION', 'renew'],
  23: ['INCONSISTENT_GROUP_PROTOCOL', 'refused'],
  24: ['INVALID_GROUP_ID', 'refused'],
  25: ['UNKNOWN_MEMBER_ID', 'renew'],
  26: ['INVALID_SESSION_TIMEOUT', 'refused'],
  27: ['REBALANCE_IN_PROGRESS', 'renew'],
  29: ['TOPIC_AUTHORIZATION_FAILED', 'auth'],
  30: ['GROUP_AUTHORIZATION_FAILED', 'auth'],
  31: ['CLUSTER_AUTHORIZATION_FAILED', 'auth'],
  32: ['INVALID_TIMESTAMP', 'refused'],
  33: ['UNSUPPORTED_SASL_MECHANISM', 'auth'],
  34: ['ILLEGAL_SASL_STATE', 'auth'],
  35: ['UNSUPPORTED_VERSION', 'refused'],
  36: ['TOPIC_ALREADY_EXISTS', 'again'],
  37: ['INVALID_PARTITIONS', 'refused'],
  // Of a topic that is to be made: too few brokers are there, for now or for ever, and nobody can tell which.
  38: ['INVALID_REPLICATION_FACTOR', 'again'],
  41: ['NOT_CONTROLLER', 'again'],
  42: ['INVALID_REQUEST', 'refused'],
  43: ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'refused'],
  44: ['POLICY_VIOLATION', 'refused'],
  45: ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'renew'],
  46: ['DUPLICATE_SEQUENCE_NUMBER', 'again'],
  47: ['INVALID_PRODUCER_EPOCH', 'renew'],
  48: ['INVALID_TXN_STATE', 'renew'],
  49: ['INVALID_PRODUCER_ID_MAPPING', 'renew'],
  50: ['INVALID_TRANSACTION_TIMEOUT', 'refused'],
  51: ['CONCURRENT_TRANSACTIONS', 'again'],
  52: ['TRANSACTION_COORDINATOR_FENCED', 'again'],
  53: ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'auth'],
  55: ['OPERATION_NOT_ATTEMPTED', 'again'],
  56: ['KAFKA_STORAGE_ERROR', 'again'],
  58: ['SASL_AUTHENTICATION_FAILED', 'auth'],
  59: ['UNKNOWN_PRODUCER_ID', 'renew'],
  72: ['LISTENER_NOT_FOUND', 'again'],
  74: ['FENCED_LEADER_EPOCH', 'again'],
  75: ['UNKNOWN_LEADER_EPOCH', 'again'],
  76: ['UNSUPPORTED_COMPRESSION_TYPE', 'refused'],
  78: ['OFFSET_NOT_AVAILABLE', 'again'],
  79: ['MEMBER_ID_REQUIRED', 'renew'],
  81: ['GROUP_MAX_SIZE_REACHED', 'refused'],
  84: ['ELIGIBLE_LEADERS_NOT_AVAILABLE', 'again'],
  87: ['INVALID_RECORD', 'refused'],
  89: ['THROTTLING_QUOTA_EXCEEDED', 'again'],
  90: ['PRODUCER_FENCED', 'renew'],
  100: ['UNKNOWN_TOPIC_ID', 'again'],
  103: ['INCONSISTENT_TOPIC_ID', 'again'],
  120: ['TRANSACTION_ABORTABLE', 'renew'],
};

export const NO_ERROR = 0;
export const UNKNOWN_TOPIC = 3;
export const LEADER_NOT_AVAILABLE = 5;
export const NETWORK_EXCEPTION = 13;
export const ILLEGAL_GENERATION = 22;
export const UNKNOWN_MEMBER_ID = 25;
export const INVALID_SESSION_TIMEOUT = 26;
export const REBALANCE_IN_PROGRESS = 27;
export const MEMBER_ID_REQUIRED = 79;
export const TOPIC_ALREADY_EXISTS = 36;
export const INVALID_REPLICATION_FACTOR = 38;
export const OUT_OF_ORDER_SEQUENCE = 45;
export const INVALID_PRODUCER_EPOCH = 47;
export const INVALID_TXN_STATE = 48;
export const CONCURRENT_TRANSACTIONS = 51;
export const PRODUCER_FENCED = 90;
export const DUPLICATE_SEQUENCE = 46;

/** Errors after which a batch may have been written all the same. */
export const UNDECIDED: ReadonlySet<number> = new Set([-1, 7, 13, 20]);

/** The name in the protocol guide, or `error N`. */
export function errorName(code: number): string {
  return CODES[code]?.[0] ?? `error ${String(code)}`;
}

/** What to do about it; a code that is not in the table is refused, as nobody knows whether the batch was written. */
export function reactionTo(code: number): Reaction {
  return CODES[code]?.[1] ?? 'refused';
}

/** No error, or one of the moment, of which an operator needs to know nothing. Too few brokers for a topic may be here to stay. */
export function isPassing(code: number): boolean {
  return code === NO_ERROR || (reactionTo(code) === 'again' && code !== INVALID_REPLICATION_FACTOR);
}
