import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { brokersRefusal, requireBrokers } from './broker-count.ts';
import { clusterIdOf } from './kafka-data.ts';
import { StackError } from './stack-error.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'brokers-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function formatted(name: string, clusterId: string): string {
  const home = join(dataDir, name);
  mkdirSync(join(home, 'log'), { recursive: true });
  writeFileSync(join(home, 'log', 'meta.properties'), `version=1\ncluster.id=${clusterId}\nnode.id=1\n`);
  return home;
}

describe('three brokers are refused', () => {
  it('beside brokers that run already', () => {
    expect(brokersRefusal(3, 'other:9092')).toBe(
      '--brokers 3: KAFKA_BROKERS names brokers that run already (other:9092): unset it, or leave --brokers out.',
    );
    expect(brokersRefusal(1, 'other:9092')).toBeNull();
    expect(brokersRefusal(3, undefined)).toBeNull();
  });

  it('where only Docker is', () => {
    expect(() => requireBrokers(3, { host: { kind: 'docker' }, dataDir })).toThrow(/^--brokers 3 needs Java 17 or newer, .*install Java/);
    expect(() => requireBrokers(1, { host: { kind: 'docker' }, dataDir })).not.toThrow();
  });

  it('on the log of one, and one on the log of three', () => {
    formatted('kafka', 'a');
    const start = (count: 1 | 3) => () => requireBrokers(count, { host: null, dataDir });
    expect(start(1)).not.toThrow();
    expect(start(3)).toThrow(StackError);
    expect(start(3)).toThrow(/holds the log of one broker .*: give --brokers 1, or begin with an empty folder \(--fresh, /);
    rmSync(join(dataDir, 'kafka'), { recursive: true });
    formatted('kafka-2', 'a');
    expect(start(3)).not.toThrow();
    expect(start(1)).toThrow(/holds the log of three brokers .*: give --brokers 3, /);
  });
});

describe('the id of the cluster', () => {
  it('is the one that any of the folders was formatted with', async () => {
    expect(await clusterIdOf([join(dataDir, 'kafka-1'), formatted('kafka-2', 'MkU3OEVBNTcwNTJENDM2Qk')])).toBe('MkU3OEVBNTcwNTJENDM2Qk');
  });

  it('is a new one for new folders', async () => {
    const ids = await Promise.all([clusterIdOf([dataDir]), clusterIdOf([dataDir])]);
    expect(ids[0]).toMatch(/^[\w][\w-]{21}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
