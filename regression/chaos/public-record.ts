// What the public topics say of files and of rows that were never admitted.
import type { Follower, KafkaLogReader } from '@paceline/adapter-kafka';

export interface RefusalFact {
  readonly requestId: string;
  readonly code: string;
}

/** Totals that the ingestor told at the end of a file. */
export interface ReadFact {
  readonly batchId: string;
  readonly rows: number;
  readonly admitted: number;
  readonly refused: number;
}

export class PublicRecord {
  /** Rows that were refused, up to half a second behind. */
  readonly refused = new Set<string>();
  #follower: Follower | null = null;

  constructor(private readonly reader: KafkaLogReader) {}

  async start(): Promise<void> {
    this.#follower = await this.reader.follow(['paceline.refusals'], ({ event }) => {
      if (event.type === 'RequestRefused') this.refused.add(event.data.requestId);
    });
  }

  async stop(): Promise<void> {
    await this.#follower?.stop();
  }

  async read(): Promise<{ readonly refusals: readonly RefusalFact[]; readonly reads: readonly ReadFact[] }> {
    const refusals: RefusalFact[] = [];
    const reads: ReadFact[] = [];
    await this.reader.readToEnd(['paceline.refusals', 'paceline.batches'], ({ event }) => {
      if (event.type === 'RequestRefused') refusals.push(event.data);
      if (event.type === 'BatchRead') reads.push(event.data);
    });
    return { refusals, reads };
  }
}
