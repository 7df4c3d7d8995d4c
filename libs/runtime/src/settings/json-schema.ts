import { z } from 'zod';
import type { Path } from './setting-path.ts';
import { settingsSchema } from './settings-schema.ts';

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}

const nowhere = { env: {}, folder: '/', readFile: () => '' };
let schema: JsonSchema | undefined;

/** The JSON Schema (2020-12) of paceline.yaml as people write it; defaults, bounds and descriptions included. */
export function settingsJsonSchema(): JsonSchema {
  schema ??= z.toJSONSchema(settingsSchema(nowhere), { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return schema;
}

/** Names of the settings that may stand at a path. */
export function knownSettings(path: Path): string[] {
  const found = path.reduce<JsonSchema | undefined>(
    (at, part) => (typeof part === 'number' ? at?.items : at?.properties?.[part]),
    settingsJsonSchema(),
  );
  return Object.keys(found?.properties ?? {});
}
