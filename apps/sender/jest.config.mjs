export default { displayName: 'sender', preset: '../../jest.preset.mjs' };
