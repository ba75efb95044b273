import { errorsMarkdown } from '../src/cli/errors-markdown.ts';
import { configurationMarkdown } from '../src/config/markdown.ts';
import { metricsMarkdown } from '../src/observe/metrics-table.ts';

/** The generated files under docs/, each with the function that gives its text. */
export const generatedDocs: Readonly<Record<string, () => string>> = {
  'configuration.md': configurationMarkdown,
  'errors.md': errorsMarkdown,
  'metrics.md': metricsMarkdown,
};
