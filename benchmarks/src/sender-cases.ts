// What is measured, in its order: four clients over one simulator, then the real sender on Kafka.
import { figure, type Figure } from './judge/figure.ts';
import type { CaseOutcome } from './report/result-line.ts';
import type { ClientName } from './sender-client.ts';
import { runClient, type ClientRun, type ClientStretch } from './sender-client-process.ts';
import { clientFigures, judgedOf, latenessFigures, memoryFigures, rateFigures } from './sender-figures.ts';
import { SenderLog } from './sender-log.ts';
import { runStretch, type Stretch, type StretchRun } from './sender-stretch.ts';
import { benchSid, simulated, type SenderWorld } from './sender-world.ts';

/** Callers of a client without Kafka: with answers after 100 ms, 2,000 calls a second and no more. */
export const callers = 200;
export const latencyMs = 100;

const names: Readonly<Record<ClientName, string>> = {
  sdk: 'SDK as shipped',
  'sdk-tuned': 'SDK tuned',
  undici: 'bare undici',
  paceline: 'paceline without Kafka',
};

/** Ours follows bare undici, which it is judged against. */
const clients = ['sdk', 'sdk-tuned', 'undici', 'paceline'] as const satisfies readonly ClientName[];

const clientTimes = (quick: boolean): ClientStretch => (quick ? { warmSeconds: 1.5, seconds: 3.5 } : { warmSeconds: 4, seconds: 15 });

interface KafkaCase extends Stretch {
  /** Its sender has done nothing before. */
  readonly isFresh?: boolean;
  readonly figures: (judged: ReturnType<typeof judgedOf>) => Figure[];
}

export function kafkaCases(quick: boolean): readonly KafkaCase[] {
  const measured = quick ? { warmSeconds: 2, seconds: 5 } : { warmSeconds: 5, seconds: 20 };
  const held = { rate: 800, latencyMs: 6_000, warmSeconds: 6, seconds: quick ? 3 : 12 };
  return [
    { name: 'paceline with Kafka, 500 slots/s', rate: 500, latencyMs, ...measured, figures: latenessFigures },
    { name: 'paceline with Kafka, 2,300 slots/s', rate: 2_300, latencyMs, ...measured, figures: rateFigures },
    { name: 'paceline with Kafka, calls held', ...held, isFresh: true, figures: memoryFigures },
  ];
}

/** A case that failed is a missed bar, never an absent one. */
const failed = (error: unknown): Figure =>
  figure({ metric: 'the case', value: null, unit: `not measured: ${(error as Error).message}` }, { text: 'measured', holds: () => true });

async function measured<T>(world: SenderWorld, name: string, run: () => Promise<T>): Promise<{ name: string; at: string; run: T | Error }> {
  const at = new Date().toISOString();
  world.terms.print(name);
  try {
    return { name, at, run: await run() };
  } catch (error) {
    world.terms.signal.throwIfAborted();
    return { name, at, run: error as Error };
  }
}

export async function clientOutcomes(world: SenderWorld, quick: boolean): Promise<CaseOutcome[]> {
  await world.ledger.configure(simulated(latencyMs));
  const outcomes: CaseOutcome[] = [];
  let bare: ClientRun | null = null as ClientRun | null;
  for (const client of clients) {
    const job = { client, url: world.ledger.url, sid: benchSid, callers };
    const { name, at, run } = await measured(world, names[client], () => runClient(world, job, clientTimes(quick)));
    if (run instanceof Error) outcomes.push({ name, at, otherCpu: null, figures: [failed(run)] });
    else outcomes.push({ name, at, otherCpu: run.otherCpu, figures: clientFigures(run, { isOurs: client === 'paceline', bare }) });
    if (client === 'undici' && !(run instanceof Error)) bare = run;
  }
  return outcomes;
}

async function runCase(world: SenderWorld, one: KafkaCase): Promise<StretchRun> {
  if (one.isFresh === true) await world.restart('sender');
  return runStretch(world, one);
}

export async function kafkaOutcomes(world: SenderWorld, quick: boolean): Promise<CaseOutcome[]> {
  const start = await measured(world, 'paceline with Kafka', () => world.run(['sender']));
  if (start.run instanceof Error) return [{ name: start.name, at: start.at, otherCpu: null, figures: [failed(start.run)] }];
  const ran: { one: KafkaCase; at: string; run: StretchRun | Error }[] = [];
  for (const one of kafkaCases(quick)) ran.push({ one, ...(await measured(world, one.name, () => runCase(world, one))) });
  world.terms.print('reading the log');
  const log = new SenderLog();
  await log.read(world.reader);
  return ran.map(({ one: { name, figures }, at, run }) =>
    run instanceof Error
      ? { name, at, otherCpu: null, figures: [failed(run)] }
      : { name, at, otherCpu: run.cpu.other, figures: figures(judgedOf(run, log.of(run.batchId))) },
  );
}
