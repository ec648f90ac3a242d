// The node's log: levels, and text that guests, runtimes and chain specs chose.
import { expect, test } from '@jest/globals';
import { createLogger, LOG_LEVELS } from '../../../host/node/index.js';

test.each(LOG_LEVELS)('at level %s, lines of that level and those before it', (level) => {
  const lines: string[] = [];
  const log = createLogger(level, (line) => lines.push(line));
  log.error('1');
  log.warn('2');
  log.info('3');
  log.debug('4');
  const all = ['error 1', 'warn  2', 'info  3', 'debug 4'];
  expect(lines).toEqual(all.slice(0, LOG_LEVELS.indexOf(level)));
});

test('text chosen by a guest moves no cursor, changes no colour or direction, and forges no line', () => {
  const lines: string[] = [];
  const log = createLogger('info', (line) => lines.push(line));
  log.info('guest: \u001b[2J\u001b]0;title\u0007\r\u009b31m\u202eabc\u2028\u0000');
  log.warn('guest: harmless\nerror the chain is damaged\n\u001b[31mand more');
  expect(lines).toEqual([
    'info  guest: \\u{1b}[2J\\u{1b}]0;title\\u{7}\\u{d}\\u{9b}31m\\u{202e}abc\\u{2028}\\u{0}',
    'warn  guest: harmless\n      error the chain is damaged\n      \\u{1b}[31mand more',
  ]);
});
