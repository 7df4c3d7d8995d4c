const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** Murmur2 with the seed of Kafka's Java client, 32 bits. The client's own reckons the same in 64 bits, object by object. */
function murmur2(data: Buffer): number {
  const whole = data.length & ~3;
  let hash = seed ^ data.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(data.readInt32LE(at), multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (data.length > whole) {
    for (let at = whole; at < data.length; at += 1) hash ^= data.readUInt8(at) << (8 * (at - whole));
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

/** The partition that a record with this key goes to, of so many: the rule of every producer of ours, and of Kafka's own. */
export function partitionOfKey(key: string | Buffer, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}
