import { configurationMarkdown } from '../src/config/markdown.ts';
import { errorsMarkdown } from '../src/cli/errors-markdown.ts';

/** The generated files under docs/, each with the function that gives its text. */
export const generatedDocs: Readonly<Record<string, () => string>> = {
  'configuration.md': configurationMarkdown,
  'errors.md': errorsMarkdown,
};
