// Unused files, exports and dependencies of the TypeScript, by knip. AssemblyScript is left to the pallet compiler: what
// a file there exports is used by the code that the compiler generates.
import manifest from './package.json' with { type: 'json' };

/** The sources of what package.json exports. */
const published = Object.values(manifest.exports).map(({ default: built }) =>
  built.replace('./build/js/', '').replace(/\.js$/, '.ts'),
);

export default {
  entry: [
    ...published,
    'bin/*.mjs',
    'host/cli/main.ts',
    'bench/{run,vm,vm-bombs,calibrate,transfers-client}.ts',
    'bench/peers/run.ts',
    'scripts/{build,test,lint}.mjs',
    'scripts/lint/{imports,citations}.mjs',
    'tests/**/*.test.ts',
    'tests/**/*.mjs',
    // scripts/build.mjs imports it once it is built.
    'compiler/build.ts',
    // Bundled and started by a test as programs of their own.
    'tests/fuzz/vm-main.ts',
    'tests/unit/vm/compile-watched.ts',
  ],
  project: ['{bin,scripts,host,compiler,bench,tests}/**/*.{ts,mjs}', '!tests/**/assembly/**'],
  ignoreDependencies: [
    // Tests and benches read files of these packages; nothing imports them.
    'as-scale-codec',
    'source-map',
    // asc brings its own, which is the one to fuzz with.
    'binaryen',
  ],
};
