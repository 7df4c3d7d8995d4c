import type { Mode, PeerCase } from './case.ts';

const kinds = [
  { name: 'BullMQ limiter', script: 'bullmq.mjs', workers: 1, needsRedis: true, about: 'limiter of one worker, queue in Redis' },
  {
    name: 'BullMQ limiter, two workers',
    script: 'bullmq.mjs',
    workers: 2,
    needsRedis: true,
    about: 'two worker processes, one queue in Redis',
  },
  { name: 'limiter TokenBucket', script: 'limiter.mjs', workers: 1, needsRedis: false, about: 'bucket of 20 ms, in one process' },
  { name: 'p-throttle', script: 'p-throttle.mjs', workers: 1, needsRedis: false, about: 'in one process' },
  {
    name: 'whole-second delays',
    script: 'whole-second.mjs',
    workers: 1,
    needsRedis: false,
    about: 'queue delays of ceil((row + 1) / rate) seconds',
  },
] as const;

/** Peers at the rates of the product's own cases, on the same simulator. */
export function peerCases(mode: Mode): readonly PeerCase[] {
  const rates = mode === 'full' ? [50, 500, 2_000] : [500];
  const times = mode === 'full' ? { seconds: 20, warmupSeconds: 3 } : { seconds: 6, warmupSeconds: 2 };
  return rates.flatMap((rate) => kinds.map((kind) => ({ ...kind, ...times, rate, name: `${kind.name} ${rate}/s` })));
}
