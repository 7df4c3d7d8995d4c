// One field of a JSON Schema in words: the schemas are made from those that the services parse with.
import { code } from './markdown.mjs';

const isExternal = ({ anyOf }) => anyOf?.length === 2 && anyOf[1].properties?.file !== undefined;

export function typeOf(schema) {
  if (isExternal(schema)) return 'text, `${env:NAME}` or `{file: path}`';
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join('; or ');
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.type === 'array') return `list of ${schema.items.properties === undefined ? typeOf(schema.items) : 'the following'}`;
  if (schema.type === 'object') return schema.properties === undefined ? 'mapping' : 'section';
  return [schema.type].flat().filter(Boolean).join(' or ');
}

export function boundsOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, minItems, maxItems, pattern }) {
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

export const shown = (value) =>
  value === undefined || (typeof value === 'object' && Object.keys(value).length === 0) ? '' : code(JSON.stringify(value));
