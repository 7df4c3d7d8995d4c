import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterOf, type ClientBroker } from './client-cluster.ts';
import type { AdapterLogger, KafkaConnection } from './connection.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Remembers this process's member id on disk. A process that starts after a kill -9 takes its dead predecessor out of
 * the group at once; otherwise every rebalance of the group would wait for the dead member's session to end.
 */
export class MemberMemory {
  readonly #file: string;
  readonly #prefix: string;

  constructor(
    private readonly dir: string,
    private readonly groupId: string,
  ) {
    mkdirSync(dir, { recursive: true });
    this.#prefix = `member-${groupId}-`;
    this.#file = join(dir, `${this.#prefix}${process.pid}`);
  }

  remember(memberId: string): void {
    writeFileSync(this.#file, memberId);
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }

  /** Sends LeaveGroup for members whose process is gone. Best effort: the session time-out is the fallback. */
  async removeDead(connection: KafkaConnection, logger: AdapterLogger): Promise<number> {
    const dead = readdirSync(this.dir).filter((name) => name.startsWith(this.#prefix) && !isAlive(Number(name.slice(this.#prefix.length))));
    if (dead.length === 0) return 0;
    const cluster = clusterOf(connection.kafka);
    try {
      await cluster.connect();
      const coordinator = await cluster.findGroupCoordinator({ groupId: this.groupId });
      for (const name of dead) await this.#leave(coordinator, name);
    } catch (error) {
      logger.warn({ error: (error as Error).message }, 'dead member not removed from its group; its session must time out');
    } finally {
      await cluster.disconnect().catch(() => undefined);
    }
    return dead.length;
  }

  async #leave(coordinator: ClientBroker, name: string): Promise<void> {
    const file = join(this.dir, name);
    const memberId = readFileSync(file, 'utf8');
    await coordinator.leaveGroup({ groupId: this.groupId, memberId }).catch(() => undefined);
    rmSync(file, { force: true });
  }
}
