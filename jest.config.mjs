// All tests are TypeScript and run as modules; scripts/test.mjs builds what they need first.
export default {
  testEnvironment: '<rootDir>/scripts/jest-environment.mjs',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  // Bounded fuzzing runs by its own switch: `npm run test:fuzz`.
  testPathIgnorePatterns: process.argv.some((argument) => argument.includes('tests/fuzz'))
    ? []
    : ['<rootDir>/tests/fuzz/'],
  modulePathIgnorePatterns: ['<rootDir>/build/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-transform.mjs' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Ends what hangs. How long work takes depends on what else the machine does.
  testTimeout: 300_000,
  maxWorkers: 2,
  // Modules of node:vm are never collected (nodejs/node#63186), so a worker's heap grows with each file of tests. One that holds
  // so much is replaced: its garbage collection would take the time that tests measure.
  workerIdleMemoryLimit: '600MB',
  // To free that takes longer on a busy machine than jest's half second, after which it kills a worker and speaks of open
  // handles. The environment finds those.
  workerGracefulExitTimeout: 60_000,
};
