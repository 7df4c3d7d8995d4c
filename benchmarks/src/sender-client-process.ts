// One client in its process: started, warmed up, measured, ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ClientJob, ClientReport } from './sender-client.ts';
import type { SenderWorld } from './sender-world.ts';
import { startCpuMeter } from './world/cpu-meter.ts';

export interface ClientStretch {
  readonly warmSeconds: number;
  readonly seconds: number;
}

export interface ClientRun extends ClientReport {
  /** Everything on the machine that is not part of the case, percent of one core. */
  readonly otherCpu: number;
  /** The simulator's, percent of one core. */
  readonly simulatorCpu: number;
}

/** From start to ready, and from the question to its answer. */
const patienceMs = 20_000;

/** Throws with the process's last words when it ends before it was told to. */
export async function runClient(world: SenderWorld, job: ClientJob, { warmSeconds, seconds }: ClientStretch): Promise<ClientRun> {
  const main = fileURLToPath(new URL('./sender-client-main.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, main, JSON.stringify(job)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const words: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const heard = async (): Promise<string> => {
    const silence = world.wait(patienceMs).then(() => ({ value: '', done: true }));
    const { value, done } = await Promise.race([lines.next(), silence]);
    if (done === true) throw new Error(`${job.client} ended or is silent: ${words.join('').trim().slice(-300)}`);
    return value;
  };
  const tell = (word: string): void => void child.stdin.write(`${word}\n`);
  try {
    await heard();
    tell('go');
    await world.wait(warmSeconds * 1_000);
    const stopMeter = startCpuMeter([...(await world.processes()), { name: 'client', pid: child.pid ?? 0 }]);
    tell('measure');
    await world.wait(seconds * 1_000);
    const { other, byProcess } = stopMeter();
    tell('stop');
    const report = JSON.parse(await heard()) as ClientReport;
    if (report.failures > report.calls / 100)
      throw new Error(`${report.failures} of ${report.calls} calls failed: ${words.join('').slice(0, 200)}`);
    return { ...report, otherCpu: other, simulatorCpu: byProcess.get('simulator') ?? 0 };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
