// Every input of a partition task is processed exactly once, whatever happens to the process that owns it.
import { once } from 'node:events';
import { CopyBench } from './copy-bench.ts';

describe('a partition task processes each record exactly once', () => {
  let bench: CopyBench;
  afterEach(() => bench.dispose());

  it('when its process is killed at 20 random instants', async () => {
    bench = await CopyBench.create('kill');
    let copier = await bench.spawnCopier();
    for (let kill = 0; kill < 20; kill += 1) {
      const written = bench.feed(200);
      await new Promise((resolve) => setTimeout(resolve, (kill * 37) % 160));
      await bench.kill(copier);
      await written;
      copier = await bench.spawnCopier();
    }
    expect(await bench.verdict()).toEqual({ doubled: 0, lost: 0 });
  });

  it('when its process stands still past its session and then goes on as a zombie', async () => {
    bench = await CopyBench.create('zombie');
    const zombie = await bench.spawnCopier();
    await bench.feed(500);
    zombie.kill('SIGSTOP');
    await bench.feed(500);
    await bench.spawnCopier();
    await bench.feed(500);
    zombie.kill('SIGCONT');
    await bench.feed(500);
    expect(await bench.verdict()).toEqual({ doubled: 0, lost: 0 });
  });

  it('when members join and leave in the middle of batches', async () => {
    bench = await CopyBench.create('rebalance');
    const first = await bench.spawnCopier();
    for (let round = 0; round < 4; round += 1) {
      const written = bench.feed(1_000);
      const second = await bench.spawnCopier();
      await written;
      const left = once(second, 'exit');
      second.kill('SIGTERM');
      await bench.feed(300);
      await left;
    }
    expect(first.exitCode).toBeNull();
    expect(await bench.verdict()).toEqual({ doubled: 0, lost: 0 });
  });
});
