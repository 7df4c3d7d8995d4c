export interface ProductSettings {
  readonly callsPerSecond: number;
  readonly maxInFlight?: number;
  /** False: no status callbacks are asked for. */
  readonly callbacks?: boolean;
  /** Further top-level settings, one YAML line each. */
  readonly more?: readonly string[];
}

/** One account at our simulator and one watched folder beside the settings file; ports follow from the base. */
export function productSettings(portBase: number, { callsPerSecond, maxInFlight, callbacks = true, more = [] }: ProductSettings): string {
  const lines = [
    'accounts:',
    '  - name: demo',
    '    sid: AC00000000000000000000000000000001',
    '    authToken: simulator',
    `    baseUrl: http://127.0.0.1:${portBase}`,
    `    callsPerSecond: ${callsPerSecond}`,
    ...(callbacks ? [`    callbacks: {publicUrl: "http://127.0.0.1:${portBase + 16}"}`] : []),
    ...(maxInFlight === undefined ? [] : [`    maxInFlight: ${maxInFlight}`]),
    'sources:',
    '  - {name: drop, folder: ./inbox, account: demo, stable: 300ms}',
    'ingest: {pollMs: 200}',
    ...more,
  ];
  return `${lines.join('\n')}\n`;
}
