// Golden files: each source module with its instrumented form, annotated, so that a review shows a change of any price
// or its place. `UPDATE_GOLDEN=1` writes them again.
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepare } from '../../../host/vm/index.js';
import { annotate } from './annotate.js';
import { unwat, wat } from './wat.js';

const folder = fileURLToPath(new URL('golden/', import.meta.url));
const sources = readdirSync(folder).filter((file) => file.endsWith('.wat') && !file.endsWith('.out.wat'));

describe('the instrumented module equals the golden file', () => {
  for (const source of sources) {
    test(source, () => {
      const expected = `${folder}${source.replace(/\.wat$/, '.out.wat')}`;
      const { setupFuel, instrumented } = prepare(wat(readFileSync(`${folder}${source}`, 'utf8')));
      const given = `;; setup: ${setupFuel} fuel\n${annotate(unwat(instrumented))}`;
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(expected, given);
      expect(given).toBe(readFileSync(expected, 'utf8'));
    });
  }
});
