// BullMQ's limiter: max jobs per second, a queue in Redis that is never empty. Several workers share one limit.
import { Queue, Worker } from 'bullmq';
import { begin, call, job } from './call.mjs';

const connection = { host: '127.0.0.1', port: job.redisPort };
const queue = new Queue(job.run, { connection });
if (job.first) {
  for (let row = 0; row < job.rows; row += 5_000) {
    const length = Math.min(5_000, job.rows - row);
    const options = { removeOnComplete: true, removeOnFail: true };
    await queue.addBulk(Array.from({ length }, (_, i) => ({ name: 'call', data: { row: row + i }, opts: options })));
  }
}
const limiter = { max: job.rate, duration: 1_000 };
const worker = new Worker(job.run, ({ data }) => call(data.row), {
  connection,
  limiter,
  concurrency: Math.max(50, job.rate),
  autorun: false,
});
worker.on('error', () => undefined);
await begin();
await worker.run();
