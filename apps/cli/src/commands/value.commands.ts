import type { Command } from 'commander';
import type { TargetKind } from '../control-target.ts';
import { controlValue, type ValueBounds } from '../control-value.ts';
import { askedBy, entityOf, setControls, withWishOptions, type WishOptions } from '../control-writing.ts';
import { accessOf } from '../program-access.ts';

interface ValueCommand extends ValueBounds {
  readonly aspect: 'rate' | 'cap' | 'priority' | 'weight';
  readonly of: TargetKind;
  readonly usage: string;
  readonly description: string;
  readonly example: string;
}

const valueCommands: readonly ValueCommand[] = [
  {
    aspect: 'rate',
    of: 'account',
    usage: 'rate <entity> <callsPerSecond>',
    description: 'sets the pace of account:NAME, from 0.001 to 2000 calls per second',
    example: 'paceline rate account:demo 10',
    min: 0.001,
    max: 2_000,
    hint: 'calls per second, from 0.001 to 2000; to stop an account, pause it',
  },
  {
    aspect: 'cap',
    of: 'account',
    usage: 'cap <entity> <calls>',
    description: 'sets how many calls of account:NAME may be in flight at once, from 1 to 5000',
    example: 'paceline cap account:demo 20',
    min: 1,
    max: 5_000,
    whole: true,
    hint: 'calls in flight, a whole number from 1 to 5000; to stop an account, pause it',
  },
  {
    aspect: 'priority',
    of: 'batch',
    usage: 'priority <entity> <level>',
    description: 'sets the priority of all rows of batch:ID, from -1000 to 1000; higher goes first, rows have 0 or what the file says',
    example: 'paceline priority batch:86c93fa0 5',
    min: -1_000,
    max: 1_000,
    whole: true,
    hint: 'a whole number from -1000 to 1000',
  },
  {
    aspect: 'weight',
    of: 'batch',
    usage: 'weight <entity> <share>',
    description: 'sets the share of batch:ID among batches of equal priority, from 0.01 to 100; 1 when never set',
    example: 'paceline weight batch:86c93fa0 3',
    min: 0.01,
    max: 100,
    hint: 'a share, from 0.01 to 100; to stop a batch, pause it',
  },
];

/** Values that hold while everything runs: no restart, and nothing of what was granted is taken back. */
export function addValueCommands(program: Command): void {
  for (const { usage, description, example, ...wanted } of valueCommands) {
    withWishOptions(program.command(usage).description(description))
      .addHelpText('after', `\nExample: ${example}`)
      .action(async (target: string, text: string, options: WishOptions) => {
        const value = controlValue(text, wanted);
        const access = accessOf(program);
        const entity = await entityOf(access, target, [wanted.of]);
        await setControls(access, [{ entity, aspect: wanted.aspect, value, reason: options.reason, by: askedBy(options) }]);
        process.stdout.write(`${entity}: ${wanted.aspect} = ${value}\n`);
      });
  }
}
