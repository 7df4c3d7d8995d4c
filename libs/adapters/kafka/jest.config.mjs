export default { displayName: 'adapter-kafka', preset: '../../../jest.preset.mjs' };
