// Unused files, exports and dependencies of the TypeScript, by knip. The exports of AssemblyScript are also used by the code
// that the pallet compiler generates, so the compiler checks them (compiler/unreached.ts).
import manifest from './package.json' with { type: 'json' };

/** The sources of what package.json exports. */
const published = Object.values(manifest.exports)
  .filter((target) => typeof target === 'object')
  .map(({ default: built }) => built.replace('./build/js/', '').replace(/\.js$/, '.ts'));

export default {
  entry: [
    ...published,
    'bin/*.mjs',
    'host/cli/main.ts',
    'bench/{run,vm,vm-bombs,calibrate,transfers-client,load,load-client}.ts',
    'bench/weights/{main,preparing}.ts',
    'bench/peers/run.ts',
    'scripts/{build,test,lint,mutants}.mjs',
    'scripts/mutants/{compile,sequencer}.mjs',
    'scripts/lint/{imports,citations,unreached}.mjs',
    'tests/**/*.test.ts',
    'tests/**/*.mjs',
    // Imported once they are built.
    'compiler/{build,unreached}.ts',
    // Bundled and started by a test as programs of their own.
    'tests/fuzz/vm-main.ts',
    'tests/unit/vm/compile-watched.ts',
  ],
  project: ['{bin,scripts,host,compiler,bench,tests}/**/*.{ts,mjs}', '!tests/**/assembly/**'],
  // Of the operating system, for tests.
  ignoreBinaries: ['mkfifo', 'unshare'],
  ignoreDependencies: [
    // Tests and benches read files of these packages; nothing imports them.
    'as-scale-codec',
    'source-map',
    // Imported by a test without their types.
    '@dedot/merkleized-metadata',
    '@polkadot-api/merkleize-metadata',
    // asc brings its own, which is the one to fuzz with.
    'binaryen',
  ],
};
