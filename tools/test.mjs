// `npm test`: set-up, then every tier in order; JUnit XML in test-results/, last line `N passed, N failed, N skipped`.
// `node tools/test.mjs unit integration` runs only those tiers. Runs on bare Node 20; the tiers run on the pinned Node.
import { mkdirSync } from 'node:fs';
import { endWithUs, run } from './test/child.mjs';
import { results } from './test/jest-tier.mjs';
import { tiers, wanted } from './test/tiers.mjs';
import { total } from './test/total.mjs';

async function timed(name) {
  const begin = performance.now();
  console.log(`\n== ${name}`);
  const ok = await tiers[name]();
  return `${name} ${ok ? 'ok' : 'FAILED'} ${((performance.now() - begin) / 1000).toFixed(0)} s`;
}

async function main() {
  const names = wanted(process.argv.slice(2));
  if (names === null) return 2;
  endWithUs();
  if ((await run([process.execPath, 'tools/start.mjs', '--setup-only'])) !== 0) return 5;
  mkdirSync(results, { recursive: true });
  const times = [];
  for (const name of names) times.push(await timed(name));
  console.log(`\n${times.join(' · ')}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}

process.exit(await main());
