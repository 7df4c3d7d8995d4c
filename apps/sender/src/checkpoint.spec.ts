import { readdirSync, readFileSync } from 'node:fs';
import { channel } from 'node:diagnostics_channel';
import { checkpointLabels, tellCheckpoint } from './checkpoint.ts';

const sources = new URL('.', import.meta.url);
const isProduct = (name: string): boolean => name.endsWith('.ts') && !/\.(spec|suite)\.ts$/.test(name);

/** Labels as the sources pass them. */
function passed(): string[] {
  const texts = readdirSync(sources)
    .filter(isProduct)
    .map((name) => readFileSync(new URL(name, sources), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/checkpoint\('([^']+)'\)/g)].map(([, label]) => label ?? ''));
}

describe('checkpoints', () => {
  it('are passed at one place each, and no other is', () => {
    expect(passed().toSorted()).toEqual(checkpointLabels.toSorted());
  });

  it('are told in the same tick to whoever listens, and to nobody else', () => {
    const told: unknown[] = [];
    const listen = (label: unknown): void => void told.push(label);
    const passing = channel('paceline:checkpoint');
    tellCheckpoint('call:before');
    passing.subscribe(listen);
    tellCheckpoint('call:started');
    passing.unsubscribe(listen);
    tellCheckpoint('call:answered');
    expect(told).toEqual(['call:started']);
  });
});
