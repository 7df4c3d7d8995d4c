import { knownSettings, settingsJsonSchema, type JsonSchema } from './json-schema.ts';

function* leaves(schema: JsonSchema, path = ''): Generator<[string, JsonSchema]> {
  if (path !== '') yield [path, schema];
  for (const [name, child] of Object.entries(schema.properties ?? {})) yield* leaves(child, path === '' ? name : `${path}.${name}`);
  if (schema.items !== undefined) yield* leaves(schema.items, `${path}[]`);
}

describe('the JSON Schema of the settings', () => {
  const all = [...leaves(settingsJsonSchema())].filter(([path]) => !path.endsWith('[]'));

  test.each(all)('%s has a description', (_path, schema) => {
    expect(schema['description']).toEqual(expect.any(String));
  });

  test('unknown settings are refused and defaults are shown as people write them', () => {
    const schema = settingsJsonSchema();
    expect(schema['additionalProperties']).toBe(false);
    expect(schema.properties?.['retry']?.properties?.['maxTotalWait']?.['default']).toBe('1h');
  });

  test('the settings of a place are known by name', () => {
    expect(knownSettings(['accounts', 0])).toContain('callsPerSecond');
    expect(knownSettings(['nowhere'])).toEqual([]);
  });
});
