import { settingsJsonSchema } from '../../libs/runtime/src/index.ts';
import { boundsOf, shown, typeOf } from './json-schema.mjs';
import { capital, code, page, sentence, table } from './markdown.mjs';

function settingRows(schema, path) {
  return Object.entries(schema.properties ?? {}).flatMap(([name, own]) => {
    const list = own.type === 'array' && own.items?.properties !== undefined;
    const at = `${path}${name}${list ? '[]' : ''}`;
    const required = schema.required?.includes(name) ? 'required' : shown(own.default);
    const row = [code(at), typeOf(own), required, boundsOf(own), own.description ?? ''];
    return [row, ...settingRows(list ? own.items : own, `${at}.`)];
  });
}

export function settingsPage() {
  const schema = settingsJsonSchema();
  const head = ['setting', 'type', 'default', 'bounds', 'meaning'];
  const sections = Object.entries(schema.properties).map(([name, own]) => {
    const rows = settingRows({ properties: { [name]: own }, required: schema.required }, '').slice(1);
    return `## ${name}\n\n${sentence(capital(own.description ?? name))}\n\n${table(head, rows)}`;
  });
  const intro =
    'Every setting of `paceline.yaml`. Durations carry their unit: `500ms`, `40s`, `5m`, `1h`, `7d`. Relative paths start at the folder of the file. ' +
    'An unknown setting is an error; `paceline settings check` shows all problems at once. For editors: [settings.schema.json](schemas/settings.schema.json). ' +
    'Settings that are read but have no effect yet are listed in the [README](../../README.md#not-there-yet).';
  return page('Settings', 'libs/runtime/src/settings', intro, ...sections);
}
