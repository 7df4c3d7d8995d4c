export default { displayName: 'adapter-clickhouse', preset: '../../../jest.preset.mjs' };
