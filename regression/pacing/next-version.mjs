// Loaded before a process (`--import`): makes it one of the next version, whose events all know a field more, at every
// level, as `schemas apply` lets them evolve. This version reads what the next one writes, and the other way round.
import { schemas } from '@paceline/contracts';

const added = { name: 'sinceNextVersion', type: 'string', default: 'written by the next version' };

/** Adds the field to every record of a schema, wherever it is defined. */
function evolve(part) {
  if (Array.isArray(part)) return part.map(evolve);
  if (part === null || typeof part !== 'object') return part;
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === 'default' ? value : evolve(value)]));
  return part.type === 'record' ? { ...inner, fields: [...inner.fields, added] } : inner;
}

for (const [name, schema] of Object.entries(schemas)) schemas[name] = JSON.stringify(evolve(JSON.parse(schema)));
