// Waiting for what another process or a later turn does. How long it takes is no matter of a test, whose time-out ends it.
import { setTimeout as sleep } from 'node:timers/promises';

/** What `look` returns once that is not undefined. */
export async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(10);
  }
}
