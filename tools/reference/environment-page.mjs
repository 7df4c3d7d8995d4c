import { z } from 'zod';
import { archiverConfigSchema } from '../../apps/archiver/src/config.ts';
import { errorRouterConfig } from '../../apps/error-router/src/config.ts';
import { ingestorConfig } from '../../apps/ingestor/src/config.ts';
import { pacerConfig } from '../../apps/pacer/src/config.ts';
import { senderConfig } from '../../apps/sender/src/config.ts';
import * as simulator from '../../apps/simulator/src/config.ts';
import { commonConfigSchema } from '../../libs/runtime/src/index.ts';
import { boundsOf, shown, typeOf } from './json-schema.mjs';
import { code, page, table } from './markdown.mjs';

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

export function environmentPage() {
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
