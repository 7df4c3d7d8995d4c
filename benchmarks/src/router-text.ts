import { backgroundRate } from './router-visibility.ts';

const method = `- **Decisions, with decoding and encoding**: the router's own task in a process of its own, over records as Kafka gives them, without Kafka. Each decision is two records decoded (claim and answer), the claim kept in the state and taken out of it, and the outcome or the next attempt encoded with both changes of the state, in batches of 500.
  Of 100 answers 90 are acceptances, 4 are throttled (429), 2 opted out (21610), 2 wrong numbers (21211), 1 in doubt, 1 not sent. The records are made before the clock starts.
- **A backlog on Kafka**: the error-router as it runs anywhere, started on a backlog of claims and answers; from its first decision to its last by its own clock. It waits between two transactions of a partition (\`ERROR_ROUTER_LINGER_MS\`), which bounds this figure more than work does. Processor time is counted from when it is ready.
- **Suppression, from refusal to sender**: the sender and the error-router as they run anywhere, with ${backgroundRate} other calls a second. Recipients who have opted out are called; slots for each go on, one every 150 ms. From the instant at which the first refusal (21610) was read to the instant at which the sender first took back a claim of that recipient or closed a slot as suppressed, by the events it wrote.`;

export const routerText = {
  name: 'router',
  parts: ['decisions', 'kafka'],
  title: 'Routing answers, measured',
  full: 'some 3 minutes',
  short: 'some 70 s',
  needs: 'Needs Linux and Java 17, which the broker runs on.',
  method,
} as const;
