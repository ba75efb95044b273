import type { Config } from '../config/compile.ts';
import type { Sink, SinkContext } from '../core/ports.ts';
import { createFileSink } from '../sink/file/file-sink.ts';
import { createKafkaSink } from '../sink/kafka/kafka-sink.ts';
import { createStdoutSink } from '../sink/stdout/stdout-sink.ts';
import { kafkaOptions } from './kafka-options.ts';

/** The sink that the configuration asks for. */
export function createSink(config: Config, context: SinkContext): Sink {
  const { sink, limits } = config;
  switch (sink.type) {
    case 'kafka':
      return createKafkaSink(kafkaOptions(config, sink), context);
    case 'file':
      return createFileSink({ path: sink.path, rowLimit: limits.row }, context);
    case 'stdout':
      return createStdoutSink({ rowLimit: limits.row }, context);
  }
}
