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
  // At its end a worker has gigabytes to free: modules of node:vm are never collected (nodejs/node#63186). That takes longer
  // than jest's half second, after which it would speak of open handles; the environment finds these.
  workerGracefulExitTimeout: 60_000,
};
