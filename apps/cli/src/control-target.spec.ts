import { contactOf } from '@paceline/contracts';
import { controlEntity, type TargetFacts, type TargetKind } from './control-target.ts';
import { controlValue } from './control-value.ts';
import { maskSender } from './lane-names.ts';

const key = 'a key that is long enough';
const all: readonly TargetKind[] = ['batch', 'account', 'lane'];
const batches = ['0a1b2c3d4e5f60718293a4b5c6d7e8f9', '0a1bffffffffffffffffffffffffffff'];
const facts: TargetFacts = {
  accounts: ['demo'],
  batchesFrom: (prefix) => Promise.resolve(batches.filter((id) => id.startsWith(prefix))),
  contactKey: () => key,
};

const entity = (text: string, kinds = all): Promise<string> => controlEntity(text, kinds, facts);
const laneId = (sender: string): string => contactOf(key, sender).slice(0, 12);

describe('what a control is about', () => {
  test.each([
    ['account:demo', 'account:demo'],
    [`batch:${batches[0]}`, `batch:${batches[0]}`],
    ['batch:ffffffffffffffffffffffffffffffff', 'batch:ffffffffffffffffffffffffffffffff'],
    ['batch:0a1b2c', `batch:${batches[0]}`],
    ['lane:+15005550006', `lane:messages:${laneId('+15005550006')}`],
    ['lane:12345', `lane:messages:${laneId('12345')}`],
    [`lane:MG${'0'.repeat(32)}`, `lane:messages:${laneId(`MG${'0'.repeat(32)}`)}`],
    ['lane:whatsapp:+15005550006', `lane:messages:${laneId('whatsapp:+15005550006')}`],
    ['lane:calls:+15005550006', `lane:calls:${laneId('+15005550006')}`],
    ['lane:messages:0a1b2c3d4e5f', 'lane:messages:0a1b2c3d4e5f'],
    ['lane:verify', 'lane:verify'],
    ['lane:demo/verify', 'lane:demo/verify'],
    ['lane:demo/+15005550006', `lane:demo/messages:${laneId('+15005550006')}`],
  ])('%s is %s', async (text, wanted) => {
    expect(await entity(text)).toBe(wanted);
  });

  test.each([
    ['account:nobody', 'the settings know demo'],
    ['demo', 'give batch:ID or account:NAME or lane:SENDER'],
    ['batch:', 'give batch:ID or account:NAME or lane:SENDER'],
    ['batch:0a1b', '2 batches begin so: give more digits'],
    ['batch:beef', 'no batch begins so'],
    ['batch:march.csv', 'give the id of a batch'],
    ['lane:15005550006', 'the plus sign is missing'],
    ['lane:nobody/+15005550006', 'give the sender as rows name it'],
    ['lane:+1 500 555 0006', 'give the sender as rows name it'],
  ])('%s is refused: %s', async (text, hint) => {
    await expect(entity(text)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(hint) as string });
  });

  test('a kind that the command does not take is refused with those it takes', async () => {
    await expect(entity('lane:12345', ['account'])).rejects.toMatchObject({ message: 'lane:12345: give account:NAME', exitCode: 2 });
  });
});

describe('a value of a control', () => {
  const bounds = { min: 0.001, max: 2_000, hint: 'calls per second' };

  test.each(['0', '-1', 'NaN', 'Infinity', '1e9', '2001', '', ' ', '0x10', '5/s', '0.0000001', '١'])(
    '%p is refused with what to write',
    (text) => {
      expect(() => controlValue(text, bounds)).toThrow(
        expect.objectContaining({ exitCode: 2, message: `${text}: give calls per second` }) as Error,
      );
    },
  );

  test('a decimal within its bounds is taken, a part of a whole one is not', () => {
    expect(controlValue('0.5', bounds)).toBe(0.5);
    expect(controlValue('-5', { min: -10, max: 10, whole: true, hint: '' })).toBe(-5);
    expect(() => controlValue('1.5', { min: 1, max: 10, whole: true, hint: 'whole' })).toThrow('1.5: give whole');
  });
});

test.each([
  ['+15005550006', '+1500***06'],
  ['whatsapp:+15005550006', 'whatsapp:+1500***06'],
  ['MG0000000000000000000000000000ab01', 'MG000***01'],
  ['12345', '12345'],
])('sender %s is shown as %s', (sender, shown) => {
  expect(maskSender(sender)).toBe(shown);
});
