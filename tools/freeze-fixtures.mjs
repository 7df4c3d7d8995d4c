// Freezes one encoded example per event whose schema has none yet: libs/contracts/fixtures/<Event>.<n>.json.
// Existing fixtures are never rewritten: every later build must still decode them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import avsc from 'avsc';
import { schemas } from '../libs/contracts/src/generated/events.ts';

const folder = new URL('../libs/contracts/fixtures/', import.meta.url);
mkdirSync(folder, { recursive: true });

const values = {
  string: (path) => path,
  boolean: () => true,
  int: () => 7,
  long: () => 1_700_000_000_123_456,
  double: () => 1.5,
  null: () => null,
};

/** A readable example: every string is its own path, every optional field is set. */
function exampleOf(type, path) {
  if (type instanceof avsc.types.RecordType)
    return Object.fromEntries(type.fields.map((f) => [f.name, exampleOf(f.type, `${path}.${f.name}`)]));
  if (type instanceof avsc.types.ArrayType) return [exampleOf(type.itemsType, `${path}[0]`)];
  if (type instanceof avsc.types.MapType) return { key: exampleOf(type.valuesType, `${path}.key`) };
  if (type instanceof avsc.types.EnumType) return type.symbols.at(-1);
  if (type instanceof avsc.types.BytesType) return Buffer.from(path);
  if (type.types !== undefined) return exampleOf(type.types.at(-1), path);
  return values[type.typeName](path);
}

for (const [name, schema] of Object.entries(schemas)) {
  const frozen = readdirSync(folder).filter((file) => file.startsWith(`${name}.`));
  if (frozen.some((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')).schema === schema)) continue;
  const type = avsc.Type.forSchema(JSON.parse(schema), { wrapUnions: false });
  const data = exampleOf(type, name);
  const target = new URL(`${name}.${frozen.length + 1}.json`, folder);
  if (existsSync(target)) throw new Error(`${target.pathname} exists with another schema`);
  writeFileSync(target, `${JSON.stringify({ event: name, schema, hex: type.toBuffer(data).toString('hex'), data }, null, 2)}\n`);
}
