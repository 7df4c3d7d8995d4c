// limiter's TokenBucket with a bucket of 20 ms: the best setting found for it, since a bucket of a second passes a second's worth at once.
import { TokenBucket } from 'limiter';
import { begin, call, job } from './call.mjs';

const bucket = new TokenBucket({ bucketSize: Math.max(1, Math.round(job.rate * 0.02)), tokensPerInterval: job.rate, interval: 'second' });
await begin();
for (let row = 0; row < job.rows; row += 1) {
  await bucket.removeTokens(1);
  void call(row).catch(() => undefined);
}
