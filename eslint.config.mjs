// Mistakes and forms that need types or a syntax tree. `npm run lint` runs this and the other checks (scripts/lint.mjs).
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['build/', 'node_modules/', 'assembly/', 'guests/', 'tests/**/assembly/'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: '[accessibility="private"]', message: 'Private members are `#name`: the language enforces these.' },
      ],
      'no-console': 'off',
    },
  },
);
