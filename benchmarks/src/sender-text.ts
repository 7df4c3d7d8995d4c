import { shown, textTable } from './report/text-table.ts';
import type { ResultLine } from './report/result-line.ts';
import { callers, latencyMs } from './sender-cases.ts';
import { heldCalls } from './sender-figures.ts';

const columns = ['calls', 'CPU per 1,000 calls', 'call p50', 'call p99', 'RSS'] as const;

/** Every case that makes calls, on the same simulator in the same run. */
function beside(lines: readonly ResultLine[]): string {
  const names = [...new Set(lines.filter(({ metric }) => metric === 'CPU per 1,000 calls').map((line) => line.case))];
  const rows = names.map((name) => {
    const of = (metric: string): string => shown(lines.find((line) => line.case === name && line.metric === metric)?.value);
    return [name, ...columns.map(of)];
  });
  return rows.length === 0 ? '' : textTable(['client', 'calls/s', 'CPU ms per 1,000', 'p50 ms', 'p99 ms', 'RSS MB'], rows);
}

const method = `- One simulator, a process of its own, answers every call after ${latencyMs} ms. Each client is a process of its own; its processor time is that of all its threads, collection of garbage included.
- **Clients without Kafka** have ${callers} callers each, who call again when they are answered, so that ${callers / (latencyMs / 1_000)} calls a second are the most. What comes before the measured part is not counted. A call counts when its answer is read and its sid found.
- **SDK as shipped** is Twilio's own client with its own HTTP client and no options. It only calls https; its agent's settings (keep-alive, 20 sockets) are carried over to plain HTTP, and nothing else is changed. **Tuned** has a socket for every caller. **Bare undici** makes the same request by hand.
- **Paceline without Kafka** plans, makes and classifies the call with the code that does so in the sender.
- **Paceline with Kafka** is the sender as it runs anywhere, one process, on a real broker: slots are written to \`paceline.slots\` in slices of 100 ms, 0.7 s before their instants, as the pacer does; each is claimed in a transaction, called, and closed in \`paceline.responses\`.
  Its figures come from the log: a call counts by the instant of its start. Broker, simulator, writer of slots and sender share the machine.
- **Lateness at fire** is the start of the call against the slot's instant. **RSS with ${heldCalls} in flight** is the largest while the simulator itself held so many calls, of a sender that was started for it.`;

export const senderText = {
  name: 'sender',
  parts: ['clients', 'kafka'],
  title: 'Making calls, measured',
  full: 'some 4 minutes',
  short: 'some 90 s',
  needs: 'Needs Linux and Java 17, which the broker runs on.',
  method,
  beside,
} as const;
