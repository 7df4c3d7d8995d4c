import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { applySchemas, Codec, event, metaOf, registryIds, requestIdOf, attemptIdOf, hashId, type OutputRecord } from '@paceline/contracts';
import { applyTopics, connectKafka, KafkaFactWriter } from '@paceline/adapter-kafka';
import { connectClickHouse } from '@paceline/adapter-clickhouse';
import { startStack } from '@paceline/local';
const DIR = '/tmp/arch/e2e-data', BASE = 41100, N = Number(process.env['ROWS'] ?? 20000), KILLS = Number(process.env['KILLS'] ?? 8);
const log = { debug() {}, info() {}, warn: (f: any, m: string) => console.log('warn', m, JSON.stringify(f).slice(0, 200)), error: (f: any, m: string) => console.log('error', m, JSON.stringify(f).slice(0, 200)) };
const t0 = performance.now(); const say = (...a: any[]) => console.log(`${((performance.now() - t0) / 1000).toFixed(1)}s`, ...a);
const stack = await startStack({ dataDir: DIR, portBase: BASE, given: {}, clickhousePassword: '', print: say });
let child: ChildProcess | null = null;
try {
  say('stack up', JSON.stringify(stack.urls));
  const kafka = connectKafka({ brokers: [stack.urls.kafka!], clientId: 'e2e' }, log);
  await applyTopics(kafka); await applySchemas({ url: stack.urls.registry! });
  const codec = new Codec(registryIds({ url: stack.urls.registry! })); await codec.warm();
  const writer = new KafkaFactWriter({ kafka, codec, logger: log }); await writer.start();
  writeFileSync('/tmp/arch/paceline.yaml', `accounts:\n  - {name: demo, sid: AC${'0'.repeat(32)}, authToken: x${'1'.repeat(31)}, mode: simulator, baseUrl: 'http://127.0.0.1:1', callsPerSecond: 50, maxInFlight: 40}\nsources: []\n`);
  const env = { ...process.env, KAFKA_BROKERS: stack.urls.kafka!, SCHEMA_REGISTRY_URL: stack.urls.registry!, CLICKHOUSE_URL: stack.urls.clickhouse!, PACELINE_SETTINGS: '/tmp/arch/paceline.yaml', PACELINE_DATA_DIR: DIR, PACELINE_CONTACT_KEY: 'k'.repeat(32), PORT: String(BASE + 15), CLICKHOUSE_DATABASE: 'paceline' };
  const start = () => { child = spawn(process.execPath, ['-C', '@paceline/source', '--import', '/work/main/tools/swc-hook.mjs', 'apps/archiver/src/main.ts'], { cwd: '/work/main', env, stdio: ['ignore', 'pipe', 'pipe'] }); const show = (b: Buffer) => { for (const l of b.toString().split('\n')) if (l && !/"level":(10|20|30)|"info"/.test(l)) console.log('  archiver:', l.slice(0, 300)); }; child.stdout!.on('data', show); child.stderr!.on('data', show); };
  if (KILLS) start();
  let total = 0; let last = 0;
  const produce = async () => {
    const base = Math.floor(Date.now() / 1000 - 600) * 1e6; const backoff = { throttles: 0, since: null };
    for (let i = 0; i < N;) {
      const out: OutputRecord[] = [];
      for (const end = Math.min(N, i + 200); i < end; i++) {
        const batchId = hashId('b', i % 2), requestId = requestIdOf(batchId, i + 1), key = requestId, at = base + i * 1000;
        const m = (t: any) => metaOf(t, { natural: [requestId], at, correlationId: batchId });
        const request: any = { requestId, batchId, account: 'demo', api: 'messages', lane: 'messages', row: i + 1, line: i + 2, cost: 1, priority: 0, notBefore: null, expiresAt: null, externalId: null, contact: hashId('c', i), sender: '', parent: null, personal: { to: '+15005550006', params: [{ name: 'Body', value: 'Hello ' + i }] } };
        out.push({ topic: 'paceline.requests', key: 'acc' + (i % 7), event: event('RequestAdmitted', { meta: m('RequestAdmitted'), request }) });
        out.push({ topic: 'paceline.slots', key, event: event('SlotGranted', { meta: m('SlotGranted'), request, attempt: 1, backoff, slotAt: at, number: i, era: 1, cost: 1 }) });
        out.push({ topic: 'paceline.attempts', key, event: event('AttemptStarted', { meta: m('AttemptStarted'), attemptId: attemptIdOf(requestId, 1), request, attempt: 1, backoff, slotAt: at, number: i, deadline: at, sender: 's' }) });
        out.push({ topic: 'paceline.outcomes', key, event: event('RequestClosed', { meta: m('RequestClosed'), requestId, batchId, account: 'demo', row: i + 1, api: 'messages', outcome: 'accepted', reason: 'accepted', attempts: 1, httpStatus: 201, code: null, sid: 'SM1', calledAt: at, ruleVersion: '1', evidence: null, externalId: null, fields: null }) });
      }
      total += out.length; await writer.write(out);
    }
  };
  // poison records, two topics
  const producer = kafka.kafka.producer(); await producer.connect();
  await producer.send({ topic: 'paceline.requests', messages: [{ key: 'x', value: Buffer.from('not avro'), headers: { batchId: 'bb', requestId: 'rr', attempt: '1' } }] });
  await producer.send({ topic: 'paceline.dead-letters', messages: [{ key: 'x', value: Buffer.from('not avro') }] });
  await producer.send({ topic: 'paceline.suppressions', messages: [{ key: 'x', value: null }] });
  await producer.disconnect();
  const client = connectClickHouse({ url: stack.urls.clickhouse!, database: 'paceline' });
  const ask = async (q: string): Promise<any[]> => { try { return await (await client.query({ query: q, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } })).json(); } catch (e) { return [{ c: 0, e: (e as Error).message.slice(0, 80) }]; } };
  const producing = produce();
  for (let k = 0; k < KILLS; k++) { await new Promise((r) => setTimeout(r, 2500 + Math.random() * 2500)); const pid = child!.pid!; child!.kill('SIGKILL'); const [{ c }] = await ask('select count() c from events') as any; say(`kill -9 ${pid}; stored ${c}`); start(); }
  await producing; say('produced', total);
  if (!KILLS) { start(); for (;;) { const [{ c }] = await ask('select count() c from events') as any; if (c > 0) break; await new Promise((r) => setTimeout(r, 50)); } } const first = await ask('select count() c from events'); const drained = performance.now(); const want = total + 3 + 1; // poison, poison letter, tombstone, and the dead letter of the first
  for (let i = 0; i < 240; i++) { const [{ c }] = await ask('select count() c from events') as any; if (c >= want) break; if (i % 10 === 0) say('stored', c, 'of', want); await new Promise((r) => setTimeout(r, 100)); }
  { const s = (performance.now() - drained) / 1000; say('drain', s.toFixed(1), 's', Math.round((want - first[0].c) / s), 'events/s'); }
  console.log('totals', await ask('select count() c, uniqExact(event_id) ids, uniqExact(topic, partition, offset) offsets from events'));
  console.log('by type', JSON.stringify(await ask('select event_type, count() c, uniqExact(event_id) u from events group by 1 order by 1')));
  console.log('dead', await ask('select * from dead_letters'));
  console.log('progress', JSON.stringify(await ask('select rows, accepted, open, balance, conflicts from batch_progress')));
  await new Promise((r) => setTimeout(r, 2500));
  const admin = kafka.kafka.admin(); await admin.connect();
  console.log('offsets', JSON.stringify((await admin.fetchOffsets({ groupId: 'paceline-archiver', topics: ['paceline.requests', 'paceline.outcomes'] }))));
  console.log('ends', JSON.stringify(await admin.fetchTopicOffsets('paceline.requests')));
  await admin.disconnect();
  console.log('ready', (await fetch(`http://127.0.0.1:${BASE + 15}/readyz`)).status, (await (await fetch(`http://127.0.0.1:${BASE + 15}/metrics`)).text()).split('\n').filter((l) => /^paceline_archive/.test(l)).slice(0, 4));
  // ClickHouse down and back, then a graceful stop
  const stopped = new Promise((r) => child!.once('exit', (code, signal) => r([code, signal]))); const s0 = performance.now(); child!.kill('SIGTERM'); say('SIGTERM ->', await stopped, `${(performance.now() - s0).toFixed(0)} ms`);
  await writer.stop(); await client.close();
} finally { child?.kill('SIGKILL'); await stack.stop(); say('stack down'); }
