export const ingestDeps = Symbol('IngestDeps');
export const resendDeps = Symbol('ResendDeps');
