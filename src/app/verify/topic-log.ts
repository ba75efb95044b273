import type { TopicLogs } from '../../sink/kafka/topic-log.ts';
import type { TopicLog } from '../../verify/ports.ts';

/** One topic of the brokers as a comparison reads it. */
export function topicLog(logs: TopicLogs, topic: string): TopicLog {
  return {
    topic,
    starts: () => logs.starts(topic),
    ends: (kind) => logs.ends(topic, kind),
    fetch: async (partition, from) => {
      const { records, next } = await logs.fetch({ topic, partition }, from);
      return { next, records: records.map(({ key, value, headers, at, time }) => ({ key, value, headers, partition, offset: at, time })) };
    },
  };
}
