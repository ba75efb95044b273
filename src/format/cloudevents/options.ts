/** Options of the format. */
export interface CloudEventsOptions {
  /** Where the attributes are: around the data in the value, or in Kafka headers beside it. */
  readonly mode: 'structured' | 'binary';
  /** The attribute `source`, a URI reference; null: `/rowcast/` and the daemon's name. */
  readonly source: string | null;
  /** What the attribute `type` begins with, for example `rowcast` in `rowcast.insert`. */
  readonly typePrefix: string;
}

/** What stands where nothing is set. */
export const CLOUDEVENTS_DEFAULTS: CloudEventsOptions = { mode: 'structured', source: null, typePrefix: 'rowcast' };
