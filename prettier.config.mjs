// One layout for all code. AssemblyScript puts decorators on functions and variables, which TypeScript's grammar does not
// have, so its files need a parser that knows them.
export default {
  printWidth: 120,
  singleQuote: true,
  overrides: [
    {
      files: ['assembly/**/*.ts', 'guests/**/*.ts', 'tests/**/assembly/*.ts'],
      options: { plugins: ['./scripts/prettier-assemblyscript.mjs'] },
    },
  ],
};
