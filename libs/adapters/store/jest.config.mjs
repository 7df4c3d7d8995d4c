export default { displayName: 'adapter-store', preset: '../../../jest.preset.mjs' };
