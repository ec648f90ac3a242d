// Finding what makes a block impossible to finish: a transaction of the pool, or the inherents of packages.
//
// The block is made again without either, with one of them, and then with half of the transactions, a quarter, and so on:
// between a number of transactions with which the block can be finished and a greater one with which it can't, halving
// ends at one transaction. The block is made without it, and it is banned once the block is written. What was tried leaves
// no trace in the pool or in the log.
import { err, type Result } from '../bytes/index.js';
import { attempt, type Contents, type Draft, type Place, type Unfinished } from './attempt.js';
import type { AuthorParts } from './building.js';
import { BlockNotMade } from './errors.js';
import type { Entry } from './pool/index.js';

type Attempt = Result<Draft, Unfinished>;

/** Makes a block that could not be finished without what is to blame. Throws BlockNotMade if nothing in it is. */
export function withoutCulprits(parts: AuthorParts, place: Place, failed: Unfinished): Draft {
  const { inherents, transactions } = failed.contents;
  const tryWith = (contents: Partial<Contents>): Attempt =>
    attempt(parts, place, { inherents: [], transactions: [], ...contents });
  const blameInherents = (): void =>
    parts.log.error(`block ${place.parent.number + 1} is made without package inherents: ${failed.reason}`);

  const plain = transactions.length === 0 ? undefined : tryWith({ inherents });
  if (plain?.ok === true) return withoutTransactions(parts, place, failed, plain.value);
  const withoutInherents = inherents.length === 0 ? undefined : tryWith({ transactions });
  if (withoutInherents?.ok === true) {
    withoutInherents.value.building.whenWritten(blameInherents);
    return withoutInherents.value;
  }
  const empty = transactions.length === 0 || inherents.length === 0 ? undefined : tryWith({});
  if (withoutInherents === undefined || empty?.ok !== true) {
    throw new BlockNotMade(failed.reason, { cause: failed.cause });
  }
  return withoutTransactions(parts, place, withoutInherents.error, empty.value, blameInherents);
}

/**
 * Bans the transactions of a failed block that make it impossible to finish, after `blame`. `plain` is the same block
 * without transactions. Returns the block with the others; if there are many culprits, with those before the last one found.
 */
function withoutTransactions(
  parts: AuthorParts,
  place: Place,
  failed: Unfinished,
  plain: Draft,
  blame: () => void = () => undefined,
): Draft {
  const { clock, limits } = parts;
  const { inherents } = failed.contents;
  const endsMs = clock.nowMs() + limits.searchMsMax;
  let transactions: readonly Entry[] = failed.contents.transactions;
  let finished = plain;
  const culprits: { readonly hash: string; readonly reason: string }[] = [];
  /** With so many of the transactions the block is `finished`. */
  let good = 0;
  let whole: Attempt = err(failed);
  while (!whole.ok) {
    let { reason } = whole.error;
    let bad = transactions.length;
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      const tried = attempt(parts, place, { inherents, transactions: transactions.slice(0, middle) });
      if (tried.ok) {
        good = middle;
        finished = tried.value;
      } else {
        bad = middle;
        ({ reason } = tried.error);
      }
    }
    const culprit = transactions[bad - 1]!;
    culprits.push({ hash: culprit.hash, reason });
    transactions = transactions.filter((entry) => entry !== culprit);
    if (transactions.length === good || clock.nowMs() >= endsMs) break;
    whole = attempt(parts, place, { inherents, transactions });
  }
  const made = whole.ok ? whole.value : finished;
  made.building.whenWritten(() => {
    blame();
    for (const { hash, reason } of culprits) {
      parts.log.error(
        `transaction ${hash} is banned: with it, block ${place.parent.number + 1} can't be finished: ${reason}`,
      );
      parts.pool.reject(hash, `with it, a block can't be finished: ${reason}`);
    }
  });
  return { ...made, more: parts.pool.readyCount > made.included.length + culprits.length };
}
