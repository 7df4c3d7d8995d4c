// `npm run bench:router`: how many answers the router decides, and how soon a suppression holds.
import { decisionsOutcome, drainOutcome, visibilityOutcome } from './router-cases.ts';
import { routerText } from './router-text.ts';
import { runStackBench } from './sender-bench.ts';
import type { CaseOutcome } from './report/result-line.ts';
import { SenderWorld } from './sender-world.ts';

await runStackBench({
  text: routerText,
  run: async ({ dataDir, portBase, quick, only, print, signal }) => {
    const outcomes: CaseOutcome[] = only === 'kafka' ? [] : [await decisionsOutcome({ quick, print })];
    if (only === 'decisions') return outcomes;
    const world = await SenderWorld.start({ dataDir, portBase, print, signal });
    try {
      outcomes.push(await drainOutcome(world, quick));
      outcomes.push(await visibilityOutcome(world, quick));
      return outcomes;
    } finally {
      await world.stop();
    }
  },
});
