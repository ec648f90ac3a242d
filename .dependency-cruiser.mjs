// Rules for imports, for TypeScript and AssemblyScript. The rules are made from the tables of scripts/lint/floors.mjs;
// scripts/lint/imports.mjs runs them.
import { RULES } from './scripts/lint/floors.mjs';

export default {
  forbidden: RULES,
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^build/' },
    // Imports of types count: they say who must know whom as much as others.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.d.ts', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
