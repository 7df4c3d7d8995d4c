import registryPackage from '@kafkajs/confluent-schema-registry';
import { RegistryUnavailable, SchemaNotRegistered, UndecodableRecord, type SchemaIds } from './codec.ts';
import type { EventName } from './events.ts';
import { schemas } from './generated/events.ts';

const { SchemaRegistry, SchemaType, COMPATIBILITY } = registryPackage;

export interface RegistrySettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** One subject per record name, so that a topic may hold several records and each evolves by itself. */
export const subjectOf = (name: EventName): string => `paceline.${name}`;

function clientOf(settings: RegistrySettings): InstanceType<typeof SchemaRegistry> {
  const auth = settings.username === undefined ? {} : { auth: { username: settings.username, password: settings.password ?? '' } };
  return new SchemaRegistry({ host: settings.url, clientId: 'paceline', ...auth }, {});
}

const statusOf = (error: unknown): number | undefined => (error as { status?: number }).status;

/** The Confluent-compatible registry as a source of ids. Registers nothing: that is `applySchemas`, a deploy step. */
export function registryIds(settings: RegistrySettings): SchemaIds {
  const client = clientOf(settings);
  return {
    async idOf(name, schema) {
      try {
        return await client.getRegistryIdBySchema(subjectOf(name), { type: SchemaType.AVRO, schema });
      } catch (error) {
        if (statusOf(error) === 404 || /no schema|not found/i.test((error as Error).message)) {
          throw new SchemaNotRegistered(`${subjectOf(name)} is not registered at ${settings.url}: run \`paceline schemas apply\``);
        }
        throw new RegistryUnavailable(`${settings.url}: ${(error as Error).message}`);
      }
    },
    async schemaOf(id) {
      try {
        const found = (await client.getSchema(id)) as unknown as { toString(): string };
        return JSON.stringify(found);
      } catch (error) {
        if (statusOf(error) === 404) throw new UndecodableRecord(`schema id ${id} is unknown to the registry`);
        throw new RegistryUnavailable(`${settings.url}: ${(error as Error).message}`);
      }
    },
  };
}

/** Registers every schema under BACKWARD_TRANSITIVE; rejects, naming the event, when one is incompatible. Repeatable. */
export async function applySchemas(settings: RegistrySettings): Promise<ReadonlyMap<EventName, number>> {
  const client = clientOf(settings);
  const ids = new Map<EventName, number>();
  for (const name of Object.keys(schemas) as EventName[]) {
    try {
      const { id } = await client.register(
        { type: SchemaType.AVRO, schema: schemas[name] },
        { subject: subjectOf(name), compatibility: COMPATIBILITY.BACKWARD_TRANSITIVE },
      );
      ids.set(name, id);
    } catch (error) {
      throw new Error(`schemas apply: ${subjectOf(name)}: ${(error as Error).message}`, { cause: error });
    }
  }
  return ids;
}
