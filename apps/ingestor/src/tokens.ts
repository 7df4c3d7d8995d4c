export const ingestDeps = Symbol('IngestDeps');
