// `npm run bench:pacing:page [-- --quick]`: the page again from kept results.
import { writePage } from './report/publish.ts';

try {
  process.stdout.write(`${writePage(process.argv.includes('--quick') ? 'pacing-quick' : 'pacing')}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
