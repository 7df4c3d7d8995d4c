import { schemas, UndecodableRecord, type EventName, type SchemaIds } from '@paceline/contracts';

/** Schema ids without a registry: position in the generated list, from 1. For specs whose subject is not the registry. */
export function fixedSchemaIds(): SchemaIds {
  const names = Object.keys(schemas) as EventName[];
  return {
    idOf: (name) => Promise.resolve(names.indexOf(name) + 1),
    schemaOf: (id) => {
      const name = names[id - 1];
      return name === undefined ? Promise.reject(new UndecodableRecord(`schema id ${id} is unknown`)) : Promise.resolve(schemas[name]);
    },
  };
}
