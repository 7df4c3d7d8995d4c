import { ArchiveBuffer, type Held } from './archive-buffer.ts';

const requests = 'paceline.requests';
const slots = 'paceline.slots';
const fresh = () =>
  new ArchiveBuffer<string>(3, [
    { topic: requests, offset: 10 },
    { topic: slots, offset: 0, metadata: '' },
  ]);
const records = (prefix: string, ...offsets: number[]): Held<string>[] => offsets.map((offset) => ({ offset, item: `${prefix}${offset}` }));

describe('blocks of a partition', () => {
  it('announces a block at the unchanged offsets before it may be inserted', () => {
    const buffer = fresh();
    buffer.push(requests, records('r', 10, 11, 13), 14);
    buffer.push(slots, records('s', 0), 1);
    const block = buffer.seal(100);
    expect(block?.items).toEqual(['r10', 'r11', 'r13', 's0']);
    expect(block?.token).toBe('3|paceline.requests:10-13|paceline.slots:0-0');
    expect(buffer.marks()).toEqual([
      { topic: requests, offset: 10, metadata: 'last=13' },
      { topic: slots, offset: 0, metadata: 'last=0' },
    ]);
  });

  it('moves past a stored block, and past the control records behind it', () => {
    const buffer = fresh();
    buffer.push(requests, records('r', 10), 12);
    const block = buffer.seal(100);
    if (block !== null) buffer.stored(block);
    expect(buffer.marks()).toEqual([{ topic: requests, offset: 12, metadata: '' }]);
    expect(buffer.size).toBe(0);
  });

  it('moves past one block and announces the next with the same mark', () => {
    const buffer = fresh();
    buffer.push(requests, records('r', 10, 11), 12);
    const block = buffer.seal(1);
    buffer.committed(buffer.marks());
    if (block !== null) buffer.stored(block);
    buffer.seal(1);
    expect(buffer.marks()).toEqual([{ topic: requests, offset: 11, metadata: 'last=11' }]);
  });

  it('has nothing to commit when nothing changed', () => {
    const buffer = fresh();
    expect(buffer.marks()).toEqual([]);
    expect(buffer.hasWork).toBe(false);
  });

  it('knows records below its position', () => {
    const buffer = fresh();
    buffer.push(requests, records('r', 8, 9, 10), 11);
    buffer.push(requests, records('r', 10, 11), 12);
    expect(buffer.seal(100)?.items).toEqual(['r10', 'r11']);
  });

  it('lets every topic into a block in turn', () => {
    const buffer = fresh();
    buffer.push(requests, records('r', 10, 11, 12), 13);
    buffer.push(slots, records('s', 0, 1, 2), 3);
    const seen = new Set<string>();
    for (let round = 0; round < 2; round += 1) {
      const block = buffer.seal(2);
      block?.spans.forEach(({ topic }) => seen.add(topic));
      if (block !== null) buffer.stored(block);
    }
    expect([...seen].sort()).toEqual([requests, slots]);
  });
});

describe('a block announced by an earlier owner', () => {
  const reopened = () =>
    new ArchiveBuffer<string>(3, [
      { topic: slots, offset: 0, metadata: 'last=1' },
      { topic: requests, offset: 10, metadata: 'last=12' },
      { topic: 'paceline.outcomes', offset: 5, metadata: '' },
    ]);

  it('is made again, exactly, before anything else', () => {
    const buffer = reopened();
    buffer.push('paceline.outcomes', records('o', 5), 6);
    buffer.push(requests, records('r', 10, 12, 14), 15);
    expect(buffer.seal(1)).toBeNull();
    expect(buffer.hasWork).toBe(false);
    expect([buffer.awaits(requests), buffer.awaits(slots), buffer.awaits('paceline.outcomes')]).toEqual([false, true, false]);
    buffer.push(slots, records('s', 0, 1, 2), 3);
    const block = buffer.seal(1);
    expect(block?.token).toBe('3|paceline.requests:10-12|paceline.slots:0-1');
    expect(block?.items).toEqual(['r10', 'r12', 's0', 's1']);
    expect(buffer.marks()).toEqual([]);
  });

  it('gives way to the rest once it is stored', () => {
    const buffer = reopened();
    buffer.push(requests, records('r', 10, 12, 14), 15);
    buffer.push(slots, records('s', 0, 1), 2);
    const block = buffer.seal(100);
    if (block !== null) buffer.stored(block);
    expect(buffer.seal(100)?.items).toEqual(['r14']);
    expect(buffer.marks()).toEqual([
      { topic: slots, offset: 2, metadata: '' },
      { topic: requests, offset: 13, metadata: 'last=14' },
    ]);
  });

  it('is complete as soon as something behind its last record was read, compacted or not', () => {
    const buffer = reopened();
    buffer.push(slots, records('s', 0, 1), 2);
    buffer.push(requests, records('r', 14), 15);
    expect(buffer.seal(100)?.items).toEqual(['s0', 's1']);
  });

  it('is refused when its announcement cannot be read', () => {
    expect(() => new ArchiveBuffer<string>(0, [{ topic: slots, offset: 0, metadata: 'mine' }])).toThrow(/last=N/);
  });
});
