// Annotates instrumented text modules for the golden files: what is paid, checked and written, and where the stack is
// passed. Works on the text, one instruction to a line, and on the names of the exported globals.
import { METER } from '../../../host/vm/metering/rewrite.js';

/** The text with a note on each line that belongs to metering. */
export function annotate(text: string): string {
  const lines = text.split('\n');
  const globalOf = (name: string): string =>
    new RegExp(`\\(export "${name.replaceAll(/[$.]/g, '\\$&')}" \\(global (\\d+)\\)\\)`).exec(text)![1]!;
  const [fuel, stack] = [globalOf(METER.fuel), globalOf(METER.stack)];
  const at = (index: number): string => lines[index]?.trim() ?? '';
  const number = (index: number): string => at(index).split(' ')[1]!;
  let fuelLocal = 'none';
  let stackLocal = 'none';
  const counter = (index: number): boolean => [`global.get ${fuel}`, `local.get ${fuelLocal}`].includes(at(index));
  const note = (index: number): string | undefined => {
    const line = at(index);
    if (line.startsWith('(func ')) [fuelLocal, stackLocal] = ['none', 'none'];
    if (line === `global.get ${fuel}` && at(index + 1).startsWith('local.set ')) fuelLocal = number(index + 1);
    if (line === `global.get ${stack}`) {
      const own = at(index + 1).startsWith('local.set ') ? index + 1 : index + 3;
      stackLocal = number(own);
      return own === index + 1 ? 'what is left of the stack' : `takes ${number(index + 1)} of the stack`;
    }
    if (line === `global.set ${stack}`) return 'tells what is left of the stack';
    if (line === `global.get ${fuel}` && at(index + 1) === `local.set ${fuelLocal}`) return 'reads the counter';
    if (line === 'i64.or' && at(index - 2) === `local.get ${stackLocal}`) return 'checks stack and counter';
    if (line === 'i64.lt_s' && counter(index - 2))
      return number(index - 1) === '0' ? 'checks' : `checks, owing ${number(index - 1)}`;
    if ((line === 'i64.sub' || line === 'i64.add') && at(index - 1).startsWith('i64.const ') && counter(index - 2)) {
      if (at(index + 2) === 'unreachable') return `gives up, owing ${number(index - 1)}`;
      if (/^(local\.(set|tee)|global\.set) /.test(at(index + 1)))
        return `${line === 'i64.sub' ? 'pays' : 'takes back'} ${number(index - 1)}`;
    }
    return line === `global.set ${fuel}` ? 'writes the counter' : undefined;
  };
  return lines
    .map((line, index) => {
      const said = note(index);
      return said === undefined ? line : `${line.padEnd(32)} ;; ${said}`;
    })
    .join('\n');
}
