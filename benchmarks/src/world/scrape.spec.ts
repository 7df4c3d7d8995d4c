import { describe, expect, it } from '@jest/globals';
import { sumOf } from './scrape.ts';

const page = `# TYPE lost counter
lost{account="a",service="pacer"} 3
lost{account="ab"} 100
lost_other{account="a"} 7
`;

describe('a metric of a service', () => {
  it('is summed over pages for one account alone', () => {
    expect(sumOf([page, 'lost{account="a"} 4.5\n', ''], 'lost', 'a')).toBe(7.5);
  });
});
