import { type CliError } from '../exit-code.ts';
import { upOptions, type UpFlags } from './up-options.ts';

const flags: UpFlags = { file: [], dataDir: '/data', portBase: '18080', brokers: '1', rows: '10', simulator: true, restart: true };

function refusal(changed: Partial<UpFlags>): CliError {
  try {
    upOptions({ ...flags, ...changed });
  } catch (error) {
    return error as CliError;
  }
  throw new Error('nothing was refused');
}

describe('the flags of up', () => {
  test.each(['1', '3'] as const)('%s brokers can be had', (brokers) => {
    expect(upOptions({ ...flags, brokers }).brokers).toBe(Number(brokers));
  });

  test.each(['2', '0', '', 'three'])('%j brokers are refused with what there is, as usage', (brokers) => {
    expect(refusal({ brokers })).toMatchObject({ message: `--brokers ${brokers}: give 1 or 3`, exitCode: 2 });
  });
});
