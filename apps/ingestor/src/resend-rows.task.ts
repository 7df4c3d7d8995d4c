import type { BatchAdmitted, Event, ResendRequested } from '@paceline/contracts';
import { batchAdmitted } from '@paceline/domain/ingest';
import {
  batchOfRun,
  ClosingFold,
  commandFault,
  decideResend,
  generationOf,
  plannedChanges,
  resendBatchIdOf,
  resendPlanned,
  resendRefused,
  ResendState,
  selectionOf,
  type ResendDecision,
  type ResendRefusal,
  type ResendRun,
} from '@paceline/domain/resend';
import {
  deadLetterOf,
  isEvent,
  OpeningLost,
  type InputRecord,
  type OffsetMark,
  type Opening,
  type PartitionTask,
  type RecordBatch,
} from '@paceline/pipeline';
import { batchOutput } from './chunk-outputs.ts';
import type { ResendDeps } from './resend-ports.ts';
import { applyChanges, ResendReading } from './resend-reading.ts';

const topic = 'paceline.commands';
const tries = 6;
const firstPauseMs = 500;

interface Command {
  readonly command: ResendRequested;
  readonly offset: OffsetMark;
}

/**
 * Owns the resends of the batches of one partition, one command after the other. Which row belongs to which resend is
 * committed before the first of its requests, so that no second command, delivery or owner can resend it meanwhile.
 */
export class ResendRowsTask implements PartitionTask {
  readonly #end = new AbortController();

  constructor(
    private readonly opening: Opening,
    private readonly deps: ResendDeps,
  ) {
    opening.ended.addEventListener('abort', () => this.#end.abort(), { once: true });
  }

  async handle(batch: RecordBatch): Promise<void> {
    for (const [index, record] of batch.records.entries()) {
      if (this.#end.signal.aborted) return;
      const isLast = index === batch.records.length - 1;
      await this.#record(record, { topic, offset: isLast ? batch.nextOffset : record.offset + 1 });
    }
  }

  close(): Promise<void> {
    this.#end.abort();
    return Promise.resolve();
  }

  async #record(record: InputRecord, offset: OffsetMark): Promise<void> {
    if (isEvent(record, 'ResendRequested')) return this.#untilDone({ command: record.event.data, offset });
    const outputs = record.kind === 'poison' ? [deadLetterOf(record, 'ingestor', this.deps.clock.wallMicros())] : [];
    return this.opening.commit({ outputs, offsets: [offset] });
  }

  /** A log that cannot be read now is read later; one that cannot be read for long ends the command, never by sending. */
  async #untilDone(at: Command): Promise<void> {
    for (let attempt = 1; !this.#end.signal.aborted; attempt++) {
      try {
        return await this.#execute(at);
      } catch (error) {
        if (error instanceof OpeningLost) throw error;
        const { batchId } = at.command;
        this.deps.logger.warn({ batchId, attempt, error: (error as Error).message }, 'a resend cannot go on now');
        if (attempt >= tries) return this.#giveUp(at);
        await this.deps.pause(firstPauseMs * 2 ** (attempt - 1), this.#end.signal);
      }
    }
  }

  async #execute(at: Command): Promise<void> {
    const { command, offset } = at;
    const known = this.#runOf(command);
    if (known?.status === 'over') return this.opening.commit({ outputs: [], offsets: [offset] });
    if (known !== undefined) return this.#read(known, offset);
    const decision = await this.#decide(command);
    if (this.#end.signal.aborted) return;
    if (decision.act === 'refuse') return this.#refuse(at, decision);
    await this.#plan(decision);
    return this.#read(decision.run, offset);
  }

  #runOf({ batchId, resendId }: ResendRequested): ResendRun | undefined {
    return new ResendState(this.opening.state).run(resendBatchIdOf(batchId, resendId));
  }

  async #decide(command: ResendRequested): Promise<ResendDecision> {
    const now = this.deps.clock.wallMicros();
    const fault = commandFault(command, now);
    if (fault !== null) return fault;
    const { batchId } = command;
    const state = new ResendState(this.opening.state);
    const generations = state.runsOf(batchId).map((run) => generationOf(state.rowsOf(run)));
    const closings = new ClosingFold({ batchId, generations, selection: selectionOf(command) });
    const identity = new BatchIdentity(batchId);
    const each = (event: Event): void => {
      closings.apply(event);
      identity.apply(event);
    };
    await this.deps.scan(['paceline.batches', 'paceline.outcomes'], each, this.#end.signal);
    const { file, resendOf } = identity;
    return decideResend(command, { closings, file, resendOf, runs: generations.length, now });
  }

  async #refuse({ command, offset }: Command, refusal: ResendRefusal): Promise<void> {
    const batchId = resendBatchIdOf(command.batchId, command.resendId);
    const nowhere = { account: '', source: '', name: `resend of ${command.batchId}`, fileHash: '', format: 'unknown' } as const;
    const { resendId, meta } = command;
    const run = { batchId, resendOf: command.batchId, resendId, file: nowhere, causedBy: meta.eventId };
    const refused = resendRefused(batchOfRun(run, this.deps.clock.wallMicros()), refusal);
    await this.opening.commit({ outputs: [batchOutput(refused, {})], offsets: [offset] });
    this.deps.logger.info({ batchId, code: refusal.code }, 'a resend was refused: nothing is sent');
  }

  /** From this commit on the rows are this run's. */
  async #plan({ run, planned }: Extract<ResendDecision, { act: 'start' }>): Promise<void> {
    const now = this.deps.clock.wallMicros();
    const changes = plannedChanges(run, planned);
    const outputs = [batchAdmitted(batchOfRun(run, now), []), ...resendPlanned(run, planned, now)].map((event) => batchOutput(event, {}));
    await this.opening.commit({ outputs, state: changes });
    applyChanges(this.opening.state, changes);
    this.deps.logger.info({ batchId: run.batchId, counts: { rows: planned.size } }, 'a resend was planned');
  }

  async #read(run: ResendRun, offset: OffsetMark): Promise<void> {
    const state = new ResendState(this.opening.state);
    const earlier = state.runsOf(run.resendOf).filter(({ generation }) => generation < run.generation);
    const reading = new ResendReading(this.deps, this.opening, {
      rows: state.rowsOf(run),
      earlier: earlier.map((one) => generationOf(state.rowsOf(one))),
      offset,
      until: this.#end.signal,
    });
    await reading.run();
  }

  /** Rows that are not yet requests stay rows of the run: nobody else resends them, and they end as cancelled. */
  async #giveUp({ command, offset }: Command): Promise<void> {
    const known = this.#runOf(command);
    const refusal = { act: 'refuse', code: 'unreadable', reason: 'the log cannot be read: ask again' } as const;
    if (known === undefined) return this.#refuse({ command, offset }, refusal);
    this.deps.logger.error({ batchId: known.batchId }, 'a resend ends early: the log cannot be read; the rest is cancelled');
    const state = new ResendState(this.opening.state);
    const job = { rows: state.rowsOf(known), earlier: [], offset, until: this.#end.signal };
    await new ResendReading(this.deps, this.opening, job).cancelRest();
  }
}

/** What the log says of a batch as a whole. */
class BatchIdentity {
  file: BatchAdmitted | null = null;
  resendOf: string | null = null;

  constructor(private readonly batchId: string) {}

  apply({ type, data }: Event): void {
    if (type === 'BatchAdmitted' && data.batchId === this.batchId) this.file = data;
    if (type === 'ResendPlanned' && data.batchId === this.batchId) this.resendOf = data.resendOf;
  }
}
