import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { installed } from './servers/cache.ts';
import { command, needProgram } from './servers/command.ts';
import { say } from './servers/say.ts';

/**
 * Makes `src/mysql/schema/ddl/grammar/*.ts`, which are not kept in the repository: `npm run grammar`, run after `npm ci` and
 * before a build by itself. The grammars are a dependency like any other: those that Debezium keeps and publishes with Maven
 * (Apache-2.0; they began as the MySQL grammar of Positive Technologies, MIT), as the tables that ANTLR made of them.
 */
const VERSION = '3.6.1.Final';
const GRAMMARS = [
  { flavor: 'mysql', folder: 'io/debezium/ddl/parser/mysql/legacy', name: 'MySql' },
  { flavor: 'mariadb', folder: 'io/debezium/ddl/parser/mariadb/generated', name: 'MariaDB' },
] as const;

type GrammarSource = (typeof GRAMMARS)[number];

const POM = `<project><modelVersion>4.0.0</modelVersion><groupId>rowcast</groupId><artifactId>grammar</artifactId><version>1</version>
<dependencies><dependency><groupId>io.debezium</groupId><artifactId>debezium-ddl-parser</artifactId><version>${VERSION}</version></dependency></dependencies></project>`;

const TARGET = fileURLToPath(new URL('../src/mysql/schema/ddl/grammar/', import.meta.url));

/** The version stands in the first line. */
const HEAD_BYTES = 300;
const missing = GRAMMARS.filter((grammar) => !isThere(grammar));
if (missing.length > 0) {
  const folder = await published();
  await mkdir(TARGET, { recursive: true });
  for (const grammar of missing) await writeGrammar(folder, grammar);
}

function isThere({ flavor }: GrammarSource): boolean {
  const file = join(TARGET, `${flavor}.ts`);
  return existsSync(file) && readFileSync(file, 'utf8').slice(0, HEAD_BYTES).includes(` ${VERSION}:`);
}

/** The folder of the published files. */
function published(): Promise<string> {
  return installed(`ddl-grammars-${VERSION}`, async (folder) => {
    const maven = await needProgram('mvn', 'maven');
    const unzip = await needProgram('unzip', 'unzip');
    say(`fetching the SQL grammars of Debezium ${VERSION} with Maven`);
    await writeFile(join(folder, 'pom.xml'), POM);
    await command(maven, ['-B', '-q', '-f', join(folder, 'pom.xml'), 'dependency:copy-dependencies', '-Dclassifier=sources', '-DexcludeTransitive=true', `-DoutputDirectory=${folder}`], { cwd: folder, label: 'mvn dependency:copy-dependencies' });
    await command(unzip, ['-q', `debezium-ddl-parser-${VERSION}-sources.jar`, '*.interp'], { cwd: folder });
  });
}

async function writeGrammar(folder: string, { flavor, folder: inside, name }: GrammarSource): Promise<void> {
  const lexer = sections(await readFile(join(folder, inside, `${name}Lexer.interp`), 'utf8'));
  const parser = sections(await readFile(join(folder, inside, `${name}Parser.interp`), 'utf8'));
  const tables = {
    lexer: { literals: names(lexer, 'token literal names'), symbols: names(lexer, 'token symbolic names'), rules: lines(lexer, 'rule names'), channels: lines(lexer, 'channel names'), modes: lines(lexer, 'mode names'), atn: atn(lexer) },
    parser: { literals: names(parser, 'token literal names'), symbols: names(parser, 'token symbolic names'), rules: lines(parser, 'rule names'), atn: atn(parser) },
  };
  const text = deflateSync(JSON.stringify(tables), { level: 9 }).toString('base64');
  const head = `// Made by \`npm run grammar\` of ${name}Lexer and ${name}Parser in io.debezium:debezium-ddl-parser ${VERSION}: Apache-2.0, from the MySQL grammar of Positive Technologies (MIT).\n`;
  await writeFile(join(TARGET, `${flavor}.ts`), `${head}/** The tables of ANTLR as JSON, deflated. */\nexport const TABLES = '${text}';\n`);
}

/** An .interp file: headings that end in a colon, each with its lines and an empty one; the last is the ATN. */
function sections(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(text.trim().split('\n\n').map((part) => {
    const [heading = '', ...rest] = part.trim().split('\n');
    return [heading.replace(/:$/u, ''), rest];
  }));
}

function lines(file: ReadonlyMap<string, readonly string[]>, heading: string): readonly string[] {
  const found = file.get(heading);
  if (found === undefined || found.length === 0) throw new Error(`the grammar has no ${heading}`);
  return found;
}

function names(file: ReadonlyMap<string, readonly string[]>, heading: string): readonly (string | null)[] {
  return lines(file, heading).map((line) => (line === 'null' ? null : line));
}

function atn(file: ReadonlyMap<string, readonly string[]>): readonly number[] {
  return JSON.parse(lines(file, 'atn').join('')) as number[];
}
