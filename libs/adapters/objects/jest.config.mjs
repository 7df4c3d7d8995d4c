export default { displayName: 'adapter-objects', preset: '../../../jest.preset.mjs' };
