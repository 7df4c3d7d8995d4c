import { Module } from '@nestjs/common';
import { z } from 'zod';
import { runService } from './run-service.ts';
import type { Part } from './service.ts';
import 'reflect-metadata';

/** The process that run-service.spec.ts starts: a service with one part, which fails in the way it is told to. */
@Module({})
class EmptyModule {}

const say = (text: string): Promise<void> => Promise.resolve(void process.stdout.write(`${text}\n`));

const failures: Readonly<Record<string, () => void>> = {
  throw: () => {
    setImmediate(() => {
      throw new Error('thrown later');
    });
  },
  reject: () => void Promise.reject(new Error('rejected later')),
  end: () => {
    process.exitCode = 7;
    process.kill(process.pid, 'SIGTERM');
  },
  none: () => undefined,
};

await runService({
  name: 'spec',
  config: z.object({ FAILURE: z.enum(['throw', 'reject', 'start', 'end', 'none']).default('none').describe('how to fail') }),
  build({ config }) {
    const part: Part = {
      name: 'part',
      async start() {
        await say('part started');
        if (config.FAILURE === 'start') throw new Error('no answer');
        failures[config.FAILURE]?.();
      },
      stop: () => say('part stopped'),
    };
    return { module: EmptyModule, parts: [part] };
  },
});
