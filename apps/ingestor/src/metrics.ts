import { Counter, type Registry } from 'prom-client';
import type { IngestMetrics } from './ports.ts';

export function ingestMetrics(registry: Registry): IngestMetrics {
  const rows = new Counter({
    name: 'paceline_ingest_rows_total',
    help: 'Rows read, by source and our verdict',
    labelNames: ['source', 'verdict'],
    registers: [registry],
  });
  const files = new Counter({
    name: 'paceline_ingest_files_total',
    help: 'Files finished, by source and end',
    labelNames: ['source', 'end'],
    registers: [registry],
  });
  return {
    rows(source, { admitted, refused }) {
      rows.inc({ source, verdict: 'admitted' }, admitted);
      rows.inc({ source, verdict: 'refused' }, refused);
    },
    file: (source, end) => files.inc({ source, end }),
  };
}
