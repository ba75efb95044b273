/** Writes every generated file under docs/. Run by `npm run docs`; test/unit/docs.test.ts fails when one is stale. */
import { writeFileSync } from 'node:fs';
import { generatedDocs } from './generated-docs.ts';

for (const [file, text] of Object.entries(generatedDocs)) {
  writeFileSync(new URL(`../docs/${file}`, import.meta.url), text());
  console.log(`docs/${file}`);
}
