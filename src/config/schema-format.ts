import { z } from 'zod';
import { choice, mapping } from './shapes.ts';

const plain = mapping({ type: z.literal('plain').describe("Rowcast's own envelope.") });

const debezium = mapping({ type: z.literal('debezium').describe("Debezium's envelope, as its MySQL and MariaDB connectors write it with the JSON converter.") });

/** A format: its name, or a mapping with `type` and its options. */
export function format() {
  return choice([plain, debezium]);
}
