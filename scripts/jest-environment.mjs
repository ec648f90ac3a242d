// The environment of each file of tests: Node's, and what the file opened must be closed when its tests have ended.
// Whatever is left keeps jest's worker from exiting, and may disturb files that run in it later.
import { setTimeout as sleep } from 'node:timers/promises';
import { TestEnvironment } from 'jest-environment-node';

/** How long to wait for what ends by itself: a killed process, a closed connection, a timer of a client's library. */
const OPEN_MS_MAX = 30_000;
const POLL_MS = 20;

/** How many resources of each kind keep this process running. Unreferenced timers and handles are not among them. */
function openResources() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

export default class extends TestEnvironment {
  #openMsMax;
  #before;

  constructor(config, context) {
    super(config, context);
    this.#openMsMax = config.projectConfig.testEnvironmentOptions.openMsMax ?? OPEN_MS_MAX;
  }

  async setup() {
    await super.setup();
    // Node opens these when they are first named. They are jest's, whichever file names them.
    for (const name of ['stdin', 'stdout', 'stderr']) void process[name];
    // Jest sets timers of no duration while it makes an environment.
    await sleep(1);
    this.#before = openResources();
  }

  /** Before the file's modules are torn down, so that what is being closed can end. */
  async handleTestEvent({ name }) {
    if (name !== 'run_finish') return;
    const begun = performance.now();
    while (this.#left().length > 0) {
      if (performance.now() - begun > this.#openMsMax) {
        throw new Error(
          `after the last test of this file these are open: ${this.#left().join(', ')}. What a file opens, it must ` +
            'close; where it was opened, `node scripts/test.mjs FILE --detectOpenHandles` may show',
        );
      }
      await sleep(POLL_MS);
    }
  }

  /** What is open now, and was not before this file. */
  #left() {
    return [...openResources()]
      .map(([kind, count]) => [kind, count - (this.#before.get(kind) ?? 0)])
      .filter(([, more]) => more > 0)
      .map(([kind, more]) => `${more} ${kind}`);
  }
}
