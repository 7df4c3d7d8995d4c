// Writes libs/contracts/src/generated/events.ts from libs/contracts/schemas/*.avsc (the source of truth).
// `--check` writes nothing and exits 1 when the committed file differs.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const root = new URL('../libs/contracts/', import.meta.url);
const target = new URL('src/generated/events.ts', root);
const load = (dir) =>
  readdirSync(new URL(dir, root))
    .filter((file) => file.endsWith('.avsc'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(dir + file, root), 'utf8')));

const shared = new Map(load('schemas/shared/').map((type) => [`${type.namespace}.${type.name}`, type]));
const events = load('schemas/');

/** A self-contained schema: each named type is written out where it first appears, then referred to. */
function compose(schema, seen = new Set()) {
  if (typeof schema === 'string') return composeNamed(schema, seen);
  if (Array.isArray(schema)) return schema.map((branch) => compose(branch, seen));
  if (schema.type === 'record') {
    return { ...schema, fields: schema.fields.map((field) => ({ ...field, type: compose(field.type, seen) })) };
  }
  if (schema.items !== undefined) return { ...schema, items: compose(schema.items, seen) };
  if (schema.values !== undefined) return { ...schema, values: compose(schema.values, seen) };
  return schema;
}

function composeNamed(name, seen) {
  const named = shared.get(name);
  if (named === undefined || seen.has(name)) return name;
  seen.add(name);
  return compose(named, seen);
}

const primitives = { string: 'string', boolean: 'boolean', int: 'number', long: 'number', double: 'number', bytes: 'Buffer', null: 'null' };

function typeOf(schema) {
  if (typeof schema === 'string') return primitives[schema] ?? schema.replace('paceline.', '');
  if (Array.isArray(schema))
    return schema
      .map(typeOf)
      .sort((a, b) => (a === 'null') - (b === 'null'))
      .join(' | ');
  if (schema.logicalType === 'timestamp-micros') return 'Micros';
  if (schema.type === 'array') return `readonly ${typeOf(schema.items)}[]`;
  if (schema.type === 'map') return `Readonly<Record<string, ${typeOf(schema.values)}>>`;
  return typeOf(schema.type);
}

function declaration(schema) {
  if (schema.type === 'enum') {
    return `/** ${schema.doc} */\nexport type ${schema.name} = ${schema.symbols.map((s) => `'${s}'`).join(' | ')};\n`;
  }
  const fields = schema.fields.map((f) => `  /** ${f.doc} */\n  readonly ${f.name}: ${typeOf(f.type)};`).join('\n');
  return `/** ${schema.doc} */\nexport interface ${schema.name} {\n${fields}\n}\n`;
}

const text = [
  '// Generated from libs/contracts/schemas by `npm run generate:contracts`; do not edit.\n',
  '/** Microseconds since the epoch, UTC. */\nexport type Micros = number;\n',
  ...[...shared.values()].map(declaration),
  ...events.map(declaration),
  `/** Every event of the log by its record name. */\nexport interface EventTypes {\n${events.map((e) => `  ${e.name}: ${e.name};`).join('\n')}\n}\n`,
  `/** Self-contained Avro schemas, as registered; one subject per record name. */\nexport const schemas: Readonly<Record<keyof EventTypes, string>> = {\n${events.map((e) => `  ${e.name}:\n    ${JSON.stringify(JSON.stringify(compose(e)))},`).join('\n')}\n};\n`,
].join('\n');

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('libs/contracts/src/generated/events.ts is stale: run `npm run generate:contracts` and commit the result.');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
