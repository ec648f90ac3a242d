// All tests are TypeScript and run as modules; scripts/test.mjs builds what they need first.
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  // Bounded fuzzing runs by its own switch: `npm run test:fuzz`.
  testPathIgnorePatterns: process.argv.some((argument) => argument.includes('tests/fuzz'))
    ? []
    : ['<rootDir>/tests/fuzz/'],
  modulePathIgnorePatterns: ['<rootDir>/build/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-transform.mjs' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 60_000,
  maxWorkers: 2,
};
