import { longestChain } from './import-levels.mjs';
import { likePairs } from './like-lines.mjs';

const file = (path: string, ...lines: string[]) => ({ path, lines });
const seven = ['a();', 'b();', 'c();', 'd();', 'e();', 'f();', 'g();'];

describe('the longest chain of imports', () => {
  const top = file('x/top.ts', "import type { A } from './middle.ts';", "import { fs } from 'node:fs';");
  const bottom = file('x/low/bottom.ts', "import { elsewhere } from '../../y/other.ts';");

  it('counts files of the folder, whatever they import of each other', () => {
    const middle = file('x/middle.ts', 'export {', '  a,', '  type A,', "} from './low/bottom.ts';");
    expect(longestChain([bottom, middle, top])).toEqual(['x/top.ts', 'x/middle.ts', 'x/low/bottom.ts']);
  });

  it('has no end in a circle', () => {
    expect(() => void longestChain([top, file('x/middle.ts', "import { top } from './top.ts';")])).toThrow('import circle: x/top.ts');
  });
});

describe('pairs of places with like lines', () => {
  it('are one however long they go on, white space and blank lines aside', () => {
    const spaced = ['first();', ...seven.flatMap((line) => ['', `    ${line}`])];
    expect(likePairs([file('a.ts', ...seven), file('b.ts', ...spaced, 'h();')])).toEqual([{ one: 'a.ts:1', other: 'b.ts:3', length: 7 }]);
  });

  it('are three of three places, also in one file', () => {
    expect(likePairs([file('a.ts', ...seven, 'between();', ...seven), file('b.ts', ...seven)])).toHaveLength(3);
  });

  it('are none of five lines', () => {
    expect(likePairs([file('a.ts', ...seven.slice(2)), file('b.ts', ...seven.slice(2))])).toEqual([]);
  });
});
