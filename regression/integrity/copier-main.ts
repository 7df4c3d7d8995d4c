// One copier as a process of its own, so that it can be stopped and killed: BROKERS, RUN, STATE_DIR come by environment.
import { connect, copyTopics, startCopier } from './copying.ts';

const { BROKERS = '', RUN = '', STATE_DIR = '' } = process.env;
const copier = await startCopier({
  connection: connect(BROKERS.split(',')),
  topics: copyTopics(RUN),
  stateDir: STATE_DIR,
  onFatal: (error) => {
    process.stderr.write(`fatal: ${error.message}\n`);
    process.exit(1);
  },
});
process.once('SIGTERM', () => void copier.stop().then(() => process.exit(0)));
process.send?.('joined');
