// Mutations of the host's TypeScript: those of StrykerJS, as changes of the text.
import { Instrumenter } from '@stryker-mutator/instrumenter';

const nothing = () => undefined;
const LOG = { isDebugEnabled: () => false, debug: nothing, info: nothing, warn: nothing, error: console.error };
const OPTIONS = { plugins: null, excludedMutations: [], ignorers: [], noHeader: true };

/** A changed block, or a case that lost its statements. Any other replacement is an expression. */
const isStatement = ({ mutatorName, replacement }) =>
  mutatorName === 'BlockStatement' || /^(case\b|default:)/.test(replacement);

/**
 * All mutations of a source, in the order of the text.
 * @param {string} path the source, relative to the root
 * @param {string} text
 * @returns {Promise<import('./mutations.mjs').Mutation[]>}
 */
export async function mutationsOfHost(path, text) {
  const { mutants } = await new Instrumenter(LOG).instrument([{ name: path, mutate: true, content: text }], OPTIONS);
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const place = ({ line, column }) => lineStarts[line] + column;
  return mutants
    .filter(({ status }) => status === undefined)
    .map((mutant) => ({
      path,
      line: mutant.location.start.line + 1,
      kind: mutant.mutatorName,
      start: place(mutant.location.start),
      end: place(mutant.location.end),
      // Parentheses, since the new operator may bind less than the old one.
      text: isStatement(mutant) || /^\S*$/.test(mutant.replacement) ? mutant.replacement : `(${mutant.replacement})`,
    }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}
