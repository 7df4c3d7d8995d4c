export default { displayName: 'ingestor', preset: '../../jest.preset.mjs' };
