// Writes docs/reference from the code, so that no page can say something else than the code does.
// node tools/run.mjs tools/generate-reference.mjs [--check]
// `--check` writes nothing and exits 1, naming every stale page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import * as simulator from '../apps/simulator/src/config.ts';
import { archiverConfigSchema } from '../apps/archiver/src/config.ts';
import { errorRouterConfig } from '../apps/error-router/src/config.ts';
import { ingestorConfig } from '../apps/ingestor/src/config.ts';
import { pacerConfig } from '../apps/pacer/src/config.ts';
import { senderConfig } from '../apps/sender/src/config.ts';
import { runCli } from '../apps/cli/src/program.ts';
import * as contracts from '../libs/contracts/src/index.ts';
import { commonConfigSchema, settingsJsonSchema } from '../libs/runtime/src/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = `${root}docs/reference/`;

const note = (source) => `<!-- Generated from ${source} by tools/generate-reference.mjs; do not edit. -->`;
const page = (title, source, ...blocks) => `# ${title}\n\n${note(source)}\n\n${blocks.join('\n\n')}\n`;
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text) => (text === '' || text === undefined ? '' : `\`${text}\``);
const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

// --- settings and environment: JSON Schema made from the zod schemas that the services parse with

const isExternal = ({ anyOf }) => anyOf?.length === 2 && anyOf[1].properties?.file !== undefined;

function typeOf(schema) {
  if (isExternal(schema)) return 'text, `${env:NAME}` or `{file: path}`';
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join('; or ');
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.type === 'array') return `list of ${schema.items.properties === undefined ? typeOf(schema.items) : 'the following'}`;
  if (schema.type === 'object') return schema.properties === undefined ? 'mapping' : 'section';
  return [schema.type].flat().filter(Boolean).join(' or ');
}

function boundsOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, minItems, maxItems, pattern }) {
  const parts = [];
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  if (minimum !== undefined) parts.push(`from ${minimum}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${exclusiveMaximum}`);
  if (maximum !== undefined) parts.push(`to ${maximum}`);
  if (minItems !== undefined) parts.push(`at least ${minItems}`);
  if (maxItems !== undefined) parts.push(`at most ${maxItems}`);
  if (pattern !== undefined) parts.push(code(pattern));
  return parts.join(', ');
}

const shown = (value) =>
  value === undefined || (typeof value === 'object' && Object.keys(value).length === 0) ? '' : code(JSON.stringify(value));

function settingRows(schema, path) {
  return Object.entries(schema.properties ?? {}).flatMap(([name, own]) => {
    const list = own.type === 'array' && own.items?.properties !== undefined;
    const at = `${path}${name}${list ? '[]' : ''}`;
    const required = schema.required?.includes(name) ? 'required' : shown(own.default);
    const row = [code(at), typeOf(own), required, boundsOf(own), own.description ?? ''];
    return [row, ...settingRows(list ? own.items : own, `${at}.`)];
  });
}

function settingsPage() {
  const schema = settingsJsonSchema();
  const head = ['setting', 'type', 'default', 'bounds', 'meaning'];
  const sections = Object.entries(schema.properties).map(([name, own]) => {
    const rows = settingRows({ properties: { [name]: own }, required: schema.required }, '').slice(1);
    return `## ${name}\n\n${sentence(capital(own.description ?? name))}\n\n${table(head, rows)}`;
  });
  const intro =
    'Every setting of `paceline.yaml`. Durations carry their unit: `500ms`, `40s`, `5m`, `1h`, `7d`. Relative paths start at the folder of the file. ' +
    'An unknown setting is an error; `paceline settings check` shows all problems at once. For editors: [settings.schema.json](schemas/settings.schema.json). ' +
    'Settings that are read but have no effect yet are listed in the [README](../../README.md#not-there-yet).';
  return page('Settings', 'libs/runtime/src/settings', intro, ...sections);
}

/** What a variable that is not set comes to; a converted default is not in the JSON Schema. */
function defaultOf(field, own) {
  if (own.default !== undefined) return shown(own.default);
  const unset = field?.safeParse(undefined);
  return unset?.success && ['boolean', 'number', 'string'].includes(typeof unset.data) ? shown(unset.data) : '';
}

/** Only what a schema names; what a refinement adds is told by its description. */
function environmentRows(schema) {
  const { properties, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, own]) => [
    code(name),
    typeOf(own),
    required.includes(name) ? 'required' : defaultOf(schema.shape[name], own),
    boundsOf(own),
    own.description ?? '',
  ]);
}

function environmentPage() {
  const head = ['variable', 'type', 'default', 'bounds', 'meaning'];
  const services = {
    ingestor: ingestorConfig,
    pacer: pacerConfig,
    sender: senderConfig,
    'error-router': errorRouterConfig,
    archiver: archiverConfigSchema,
    simulator: simulator.environmentSchema,
  };
  const own = Object.entries(services)
    .filter(([, schema]) => schema !== undefined)
    .map(([name, schema]) => `## ${name}\n\n${table(head, environmentRows(schema))}`);
  const intro =
    'What the services read from the environment. A variable `NAME` may be given as `NAME_FILE`, the path of a file with the value (the simulator excepted). ' +
    'An empty variable counts as not set. A service with a wrong environment prints every problem and exits with 2.';
  const source = 'libs/runtime/src/common-config.ts and apps/*/src/config.ts';
  return page('Environment', source, intro, `## All services\n\n${table(head, environmentRows(commonConfigSchema))}`, ...own);
}

// --- topics, events, error table: the contracts

const showRetention = ({ cleanup, retentionMs }) => {
  if (cleanup === 'compact') return 'newest per key';
  return retentionMs < 0 ? 'not by time' : `${retentionMs / 86_400_000} d`;
};

function topicsPage() {
  const topics = contracts.topicNames.map((name) => [name, contracts.topicDefinition(name)]);
  const rows = topics.map(([name, topic]) => [
    code(name),
    topic.key,
    `${topic.domain} (${contracts.partitionsOf[topic.domain]})`,
    showRetention(topic),
    topic.events.map((event) => `[${event}](events.md#${event.toLowerCase()})`).join(', '),
    topic.writers.join(', '),
    topic.readers.join(', '),
  ]);
  const groups = Object.values(contracts.groups).map(({ id, topics: read, state }) => [
    code(id),
    read.map(code).join(', '),
    code(state ?? ''),
  ]);
  return page(
    'Topics',
    'libs/contracts/src/topics.ts',
    'The only catalogue of topics: `paceline topics apply` creates them, and a service does not start when one is missing or has another number of partitions. ' +
      'Topics of one domain have the same number of partitions, so that partition *p* of each can belong to one task. Writers and readers are those that the catalogue provides for.',
    table(['topic', 'key', 'domain (partitions)', 'kept', 'events', 'writers', 'readers'], rows),
    '## Consumer groups',
    'Their committed offsets decide what is done next. Readers of tables (`controls`, `suppressions`) and the command line read from the beginning and commit nothing.',
    table(['group', 'reads', 'state'], groups),
  );
}

function avroType(type) {
  if (typeof type === 'string') return type.replace('paceline.', '');
  if (Array.isArray(type)) return type.map(avroType).join(' or ');
  if (type.logicalType !== undefined) return type.logicalType;
  if (type.type === 'array') return `list of ${avroType(type.items)}`;
  if (type.type === 'map') return `map of ${avroType(type.values)}`;
  return type.name ?? avroType(type.type);
}

/** Named types stand where they are first used; they are shown once, in their own part. */
function namedIn(type, found) {
  if (Array.isArray(type)) for (const branch of type) namedIn(branch, found);
  if (typeof type !== 'object' || type === null || Array.isArray(type)) return;
  if (type.name !== undefined) found.set(type.name, type);
  for (const field of type.fields ?? []) namedIn(field.type, found);
  for (const inner of [type.items, type.values, typeof type.type === 'object' ? type.type : undefined]) namedIn(inner, found);
}

function describeRecord(schema) {
  const head = `## ${schema.name}\n\n${schema.doc}`;
  if (schema.type === 'enum') return `${head}\n\n${schema.symbols.map(code).join(', ')}`;
  const rows = schema.fields.map(({ name, type, doc }) => [code(name), avroType(type), doc]);
  return `${head}\n\n${table(['field', 'type', 'meaning'], rows)}`;
}

function eventsPage() {
  const events = Object.entries(contracts.schemas)
    .map(([name, text]) => [name, JSON.parse(text)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const shared = new Map();
  for (const [, schema] of events) for (const field of schema.fields) namedIn(field.type, shared);
  const parts = [...shared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return page(
    'Events',
    'libs/contracts/schemas',
    'Every event of the log: Avro in the Confluent wire format, one subject per record name (`paceline.<Name>`), BACKWARD_TRANSITIVE. ' +
      'Times are microseconds since the epoch, UTC. Where each event is written: [topics](topics.md).',
    ...events.map(([, schema]) => describeRecord(schema)),
    '# Shared parts',
    ...parts.map(describeRecord),
  );
}

const wait = (ms) =>
  ms === undefined ? '' : ms < 60_000 ? `${ms / 1_000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
const httpOf = ({ http }) => (http[0] === http[1] ? `HTTP ${http[0]}` : `HTTP ${http[0]}-${http[1]}`);

function errorTablePage() {
  const rows = contracts.errorTable.map((rule) => [
    rule.codes.length > 0 ? rule.codes.join(', ') : httpOf(rule),
    rule.phases.join(', '),
    rule.class,
    rule.scope,
    rule.action,
    [rule.channel === undefined ? '' : `channel ${rule.channel}`, wait(rule.delayMs), rule.strikes ? `${rule.strikes} strikes` : '']
      .filter(Boolean)
      .join(', '),
    rule.meaning,
  ]);
  const lists = {
    'Refused rows': contracts.refusalCodes,
    'Refused files': contracts.fileRefusalCodes,
    'Returned slots': contracts.returnReasons,
    Responses: contracts.responseReasons,
    'Scheduled attempts': contracts.retryReasons,
    Outcomes: contracts.outcomeReasons,
  };
  return page(
    'Error table and reasons',
    'libs/contracts/src/error-rules.ts and reasons.ts',
    `Rule version \`${contracts.ruleVersion}\`. What a code or a status of Twilio means: the code comes first, the HTTP status second. ` +
      'A call that may have been processed stays a doubt whatever its code says. `sync` is the answer of the call; `callback` rules wait for the receiver of callbacks. ' +
      'Of the actions, those that concern one row (retry, reject, suppress, doubt) and the waiting of its account are carried out today; what an action names beyond that is listed in the [README](../../README.md#not-there-yet).',
    table(['code or status', 'phase', 'class', 'holds for', 'action', 'more', 'meaning'], rows),
    '## Closed lists of reasons',
    table(
      ['where', 'reasons'],
      Object.entries(lists).map(([name, list]) => [name, list.map(code).join(', ')]),
    ),
  );
}

// --- command line: what `--help` says, of every command

async function helpOf(words) {
  const { write } = process.stdout;
  const { isTTY } = process.stdout;
  let text = '';
  process.stdout.isTTY = false;
  process.stdout.write = (chunk) => ((text += chunk), true);
  try {
    await runCli([...words, '--help']);
  } finally {
    process.stdout.write = write;
    process.stdout.isTTY = isTTY;
  }
  return text.trimEnd();
}

async function commandsOf(words) {
  const text = await helpOf(words);
  const [, listed = ''] = text.split('\nCommands:\n');
  const names = [...listed.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
  const inner = [];
  for (const name of names) inner.push(...(await commandsOf([...words, name])));
  return [{ words, text }, ...inner];
}

async function cliPage() {
  const [program, ...commands] = await commandsOf([]);
  const codes = [
    ['0', 'complete'],
    ['1', 'unexpected'],
    ['2', 'settings or usage'],
    ['3', 'input refused'],
    ['4', 'unfinished, or rows in doubt'],
    ['5', 'the stack: port, Java, disk, broker'],
  ];
  const fence = (text) => `\`\`\`text\n${text}\n\`\`\``;
  return page(
    'Command line',
    'apps/cli/src/commands',
    '`npx paceline`, or `npm run paceline --`. The shapes of the JSON outputs: [schemas](schemas/README.md).',
    fence(program.text),
    '## Exit codes',
    table(['code', 'meaning'], codes),
    ...commands.map(({ words, text }) => `## ${words.join(' ')}\n\n${fence(text)}`),
  );
}

// --- write or compare

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const pages = {
  'settings.md': settingsPage(),
  'schemas/settings.schema.json': json(settingsJsonSchema()),
  'environment.md': environmentPage(),
  'topics.md': topicsPage(),
  'events.md': eventsPage(),
  'error-table.md': errorTablePage(),
  'cli.md': await cliPage(),
};

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};
const stale = Object.entries(pages).filter(([name, text]) => read(target + name) !== text);
const check = process.argv.includes('--check');
for (const [name, text] of check ? [] : stale) {
  mkdirSync(dirname(target + name), { recursive: true });
  writeFileSync(target + name, text);
}
const where = relative(process.cwd(), target);
for (const [name] of stale) console.log(`${check ? 'stale' : 'written'}: ${where}/${name}`);
if (stale.length === 0) console.log('docs/reference is what the code says');
else if (check) console.log('run `npm run generate:reference`');
process.exitCode = check && stale.length > 0 ? 1 : 0;
