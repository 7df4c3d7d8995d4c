export { eventually } from './eventually.ts';
export { freePortBase, isFree, type PortRun } from './free-ports.ts';
export { fixedSchemaIds } from './fixed-schema-ids.ts';
export { QuietLogger } from './quiet-logger.ts';
export { systemClock } from './system-clock.ts';
export { kafkaBrokers, repositoryRoot } from './running-stack.ts';
