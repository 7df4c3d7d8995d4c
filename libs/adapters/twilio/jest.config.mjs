export default { displayName: 'adapter-twilio', preset: '../../../jest.preset.mjs' };
