import { RuleTester } from 'eslint';
import { labelEveryAwait } from './label-every-await.mjs';

const tester = new RuleTester({ languageOptions: { ecmaVersion: 2024, sourceType: 'module' } });
const inAsync = (body: string): string => `async function f(x, checkpoint) { ${body} }`;
const missing = (count = 1) => Array.from({ length: count }, () => ({ messageId: 'missing' }));

tester.run('an await has a checkpoint right before it', labelEveryAwait, {
  valid: [
    inAsync(`checkpoint('a:b'); await x();`),
    inAsync(`this.options.checkpoint('a:b'); const y = await x(); return y;`),
    inAsync(`checkpoint('a:b'); return await x();`),
    inAsync(`for (;;) { checkpoint('a:b'); await x(); }`),
    inAsync(`try { checkpoint('a:b'); await x(); } catch { checkpoint('a:c'); await x(); }`),
    inAsync(`switch (x) { case 1: checkpoint('a:b'); await x(); }`),
    inAsync(`checkpoint('a:b'); if (x) await x();`),
    inAsync(`x.then(() => undefined);`),
  ],
  invalid: [
    { code: inAsync(`await x();`), errors: missing() },
    { code: inAsync(`checkpoint('a:b'); const y = 1; await x(y);`), errors: missing() },
    { code: inAsync(`checkpoint('a:b'); await x(); await x();`), errors: missing() },
    { code: inAsync(`checkpoint(x); await x();`), errors: missing() },
    { code: inAsync(`checkpoint('a:b'); while (await x()) { x.y(); }`), errors: missing() },
    { code: inAsync(`checkpoint('a:b'); await x(await x());`), errors: [{ messageId: 'second' }] },
    { code: inAsync(`checkpoint('a:b'); x.map(async () => await x());`), errors: missing() },
    { code: inAsync(`checkpoint('a:b'); for await (const y of x) y();`), errors: missing() },
    { code: `checkpoint('a:b'); const f = async (x) => await x();`, errors: missing() },
  ],
});
