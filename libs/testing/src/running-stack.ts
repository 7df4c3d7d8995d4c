import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** The brokers that the integration tier started (or was given); throws when a spec runs without it. */
export function kafkaBrokers(): readonly string[] {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers === undefined) throw new Error('integration specs need KAFKA_BROKERS: run them with `npm run test:integration`');
  return brokers.split(',');
}
