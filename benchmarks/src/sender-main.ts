// `npm run bench:sender`: what a call costs, beside Twilio's own SDK, and the sender on Kafka.
import { clientOutcomes, kafkaOutcomes } from './sender-cases.ts';
import { runStackBench } from './sender-bench.ts';
import { senderText } from './sender-text.ts';
import { SenderWorld } from './sender-world.ts';

await runStackBench({
  text: senderText,
  run: async ({ dataDir, portBase, quick, only, print, signal }) => {
    const world = await SenderWorld.start({ dataDir, portBase, print, signal });
    try {
      const clients = only === 'kafka' ? [] : await clientOutcomes(world, quick);
      return [...clients, ...(only === 'clients' ? [] : await kafkaOutcomes(world, quick))];
    } finally {
      await world.stop();
    }
  },
});
