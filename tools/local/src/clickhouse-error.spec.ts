import { describe, expect, it } from '@jest/globals';
import { errorAnswer, refuse } from './clickhouse-error.ts';

describe('the answer to an error', () => {
  it('keeps the code that the engine put into its text', () => {
    const answer = errorAnswer(new Error('Code: 60. DB::Exception: Table t does not exist. (UNKNOWN_TABLE)'), '26.7');
    expect(answer).toEqual({ status: 404, code: 60, body: 'Code: 60. DB::Exception: Table t does not exist. (UNKNOWN_TABLE)\n' });
  });

  it('has the code and status of the refusal', () => {
    expect(errorAnswer(refuse.authentication('eve'), '26.7')).toMatchObject({ status: 403, code: 516 });
    expect(errorAnswer(refuse.tooLarge(5), '26.7')).toMatchObject({ status: 413, code: 307 });
    expect(errorAnswer(refuse.emptyQuery(), '26.7').body).toContain('(SYNTAX_ERROR)');
  });

  it('is an unknown exception, status 500, for anything else', () => {
    expect(errorAnswer('boom', '26.7')).toEqual({ status: 500, code: 1002, body: 'Code: 1002. DB::Exception: boom\n' });
  });
});
