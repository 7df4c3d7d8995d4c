import { schemas } from '../../libs/contracts/src/index.ts';
import { code, page, table } from './markdown.mjs';

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
  if (Array.isArray(type)) type.forEach((branch) => namedIn(branch, found));
  else if (typeof type === 'object') {
    if (type.name !== undefined) found.set(type.name, type);
    for (const field of type.fields ?? []) namedIn(field.type, found);
    for (const inner of [type.items, type.values, type.type]) namedIn(inner, found);
  }
}

function describeRecord(schema) {
  const head = `## ${schema.name}\n\n${schema.doc}`;
  if (schema.type === 'enum') return `${head}\n\n${schema.symbols.map(code).join(', ')}`;
  const rows = schema.fields.map(({ name, type, doc }) => [code(name), avroType(type), doc]);
  return `${head}\n\n${table(['field', 'type', 'meaning'], rows)}`;
}

export function eventsPage() {
  const events = Object.entries(schemas)
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
