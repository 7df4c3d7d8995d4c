import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { request } from 'undici';
import { parse } from 'yaml';
import { type Simulator, startSimulator } from './simulator.ts';

// Twilio publishes its API descriptions; they are not part of this repository and are looked for next to it.
const folder = fileURLToPath(new URL('../../../../shared/twilio-openapi/', import.meta.url));
const present = existsSync(folder);
if (!present) process.stderr.write(`skipped: Twilio's OpenAPI descriptions are not in ${folder}\n`);

type Node = Record<string, unknown>;

const dropped = new Set(['description', 'example', 'examples', 'format', 'xml', 'discriminator', 'nullable']);
const orNull = (schema: Node): Node => ({ anyOf: [schema, { type: 'null' }] });

/** OpenAPI 3.0 as JSON schema: formats are not checked, and a referenced object may be null, as Twilio's own examples show. */
function jsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(jsonSchema);
  if (typeof node !== 'object' || node === null) return node;
  const source = node as Node;
  if (typeof source['$ref'] === 'string') return orNull({ $ref: source['$ref'].replace('#/components/schemas/', '#/definitions/') });
  const entries = Object.entries(source).filter(([name]) => !dropped.has(name));
  const schema = Object.fromEntries(
    entries.map(([name, value]) => [name, name === 'properties' ? each(value as Node) : jsonSchema(value)]),
  );
  return source['nullable'] === true ? orNull(schema) : schema;
}

/** `error_code` of a lookup package is null in the descriptions' examples, although they do not call it nullable. */
const each = (schemas: Node): Node =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      name === 'error_code' ? orNull(jsonSchema(schema) as Node) : jsonSchema(schema),
    ]),
  );

interface Operation {
  readonly responses: Record<string, { content: { 'application/json': { schema: Node } } }>;
}

interface Description {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Node };
}

/** Every property the description has must be there, so that a forgotten field is seen. */
function validatorOf(file: string, path: string, { method, status }: { method: string; status: string }) {
  const description = parse(readFileSync(`${folder}${file}.yaml`, 'utf8')) as Description;
  const schema = description.paths[path]?.[method]?.responses[status]?.content['application/json'].schema;
  if (schema === undefined) throw new Error(`${file} has no ${method} ${path} ${status}`);
  const definitions = each(description.components.schemas);
  const validate = new Ajv({ strict: false, allErrors: true }).compile({ definitions, ...(jsonSchema(schema) as Node) });
  const name = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;
  const named = (name === undefined ? schema : description.components.schemas[name]) as { properties: Node };
  return (body: unknown): unknown[] => {
    validate(body);
    const missing = Object.keys(named.properties).filter((property) => !(property in (body as Node)));
    return [
      ...(validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`),
      ...missing.map((property) => `no ${property}`),
    ];
  };
}

const AC = `AC${'1'.repeat(32)}`;
const numbers = { To: '+15005551234', From: '+15005550006' };
const classic = '/2010-04-01/Accounts';

const cases: [string, string, { file: string; template: string; path: string; form?: object; status: number }][] = [
  [
    'Messages',
    'a new message',
    {
      file: 'api_v2010',
      template: `${classic}/{AccountSid}/Messages.json`,
      path: `${classic}/${AC}/Messages.json`,
      form: { ...numbers, Body: 'x' },
      status: 201,
    },
  ],
  [
    'Messages',
    'a message through a service',
    {
      file: 'api_v2010',
      template: `${classic}/{AccountSid}/Messages.json`,
      path: `${classic}/${AC}/Messages.json`,
      form: { To: numbers.To, MessagingServiceSid: `MG${'a'.repeat(32)}`, Body: 'x' },
      status: 201,
    },
  ],
  [
    'Messages',
    'the list',
    {
      file: 'api_v2010',
      template: `${classic}/{AccountSid}/Messages.json`,
      path: `${classic}/${AC}/Messages.json?PageSize=1`,
      status: 200,
    },
  ],
  [
    'Calls',
    'a new call',
    {
      file: 'api_v2010',
      template: `${classic}/{AccountSid}/Calls.json`,
      path: `${classic}/${AC}/Calls.json`,
      form: { ...numbers, Twiml: '<Response/>' },
      status: 201,
    },
  ],
  [
    'Calls',
    'the list',
    { file: 'api_v2010', template: `${classic}/{AccountSid}/Calls.json`, path: `${classic}/${AC}/Calls.json`, status: 200 },
  ],
  [
    'Verify',
    'a new verification',
    {
      file: 'verify_v2',
      template: '/v2/Services/{ServiceSid}/Verifications',
      path: `/v2/Services/VA${'a'.repeat(32)}/Verifications`,
      form: { To: numbers.To, Channel: 'sms' },
      status: 201,
    },
  ],
  [
    'Lookup',
    'a valid number',
    { file: 'lookups_v2', template: '/v2/PhoneNumbers/{PhoneNumber}', path: '/v2/PhoneNumbers/%2B15005551234', status: 200 },
  ],
  [
    'Lookup',
    'a number with packages',
    {
      file: 'lookups_v2',
      template: '/v2/PhoneNumbers/{PhoneNumber}',
      path: '/v2/PhoneNumbers/%2B15005551234?Fields=line_type_intelligence,caller_name,line_status,sim_swap',
      status: 200,
    },
  ],
  [
    'Lookup',
    'an invalid number',
    { file: 'lookups_v2', template: '/v2/PhoneNumbers/{PhoneNumber}', path: '/v2/PhoneNumbers/hello', status: 200 },
  ],
  [
    'Studio',
    'a new execution',
    {
      file: 'studio_v2',
      template: '/v2/Flows/{FlowSid}/Executions',
      path: `/v2/Flows/FW${'a'.repeat(32)}/Executions`,
      form: { ...numbers, Parameters: '{"a":1}' },
      status: 201,
    },
  ],
];

(present ? describe : describe.skip)("answers agree with Twilio's OpenAPI descriptions", () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ settings: { latency: { medianMs: 0, p99Ms: 0 } } });
  });

  afterAll(() => simulator.stop());

  async function answerOf(path: string, form: object | undefined): Promise<[number, unknown]> {
    const { statusCode, body } = await request(simulator.url + path, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { authorization: `Basic ${btoa(`${AC}:token`)}`, 'content-type': 'application/x-www-form-urlencoded', connection: 'close' },
      ...(form === undefined ? {} : { body: new URLSearchParams({ ...form }).toString() }),
    });
    return [statusCode, await body.json()];
  }

  it.each(cases)('%s: %s', async (_api, _what, { file, template, path, form, status }) => {
    const [answered, body] = await answerOf(path, form);
    const method = form === undefined ? 'get' : 'post';
    const errors = validatorOf(file, template, { method, status: String(status) })(body);
    expect(answered).toBe(status);
    expect(errors).toEqual([]);
  });

  it('the check itself sees a wrong answer', async () => {
    const validate = validatorOf('api_v2010', `${classic}/{AccountSid}/Messages.json`, { method: 'post', status: '201' });
    const [, body] = await answerOf(`${classic}/${AC}/Messages.json`, { ...numbers, Body: 'x' });
    const wrong: Node = { ...(body as Node), status: 'lost', num_segments: 1 };
    delete wrong['uri'];
    expect(validate(wrong)).toEqual(
      expect.arrayContaining([expect.stringContaining('/status'), expect.stringContaining('/num_segments'), 'no uri']),
    );
  });
});
