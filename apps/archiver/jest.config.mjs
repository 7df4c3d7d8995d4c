export default { displayName: 'archiver', preset: '../../jest.preset.mjs' };
