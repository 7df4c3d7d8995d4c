export default { displayName: 'error-router', preset: '../../jest.preset.mjs' };
