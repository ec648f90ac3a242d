// Packages in progress after a restart: each goes on where its last stage on disk left it. Nothing that was told is done
// again; a step that was not finished begins anew.
import { toHex } from '../bytes/index.js';
import { encode as makeShards } from '../erasure/index.js';
import { collect, type Collected, type InCoreChain, type Refusal } from '../incore/index.js';
import type { ChainView } from '../node/index.js';
import type { Submitter } from './queues/fairness.js';
import type { Flight, FlightState } from './flights.js';
import type { Intake, Ticket } from './queues/intake.js';
import type { PackageStore, StoredPackage } from './package-store.js';
import type { StageEvent, Tracker } from './tracker.js';

/** What restoring needs. */
interface RestoringParts {
  readonly chain: ChainView;
  readonly inCore: InCoreChain;
  readonly store: PackageStore;
  readonly tracker: Tracker;
  readonly intake: Intake;
  readonly flights: Map<string, Flight>;
  refuse(hash: Uint8Array, core: number | undefined, refusal: Refusal): void;
}

/** Takes up all that is on disk. Returns how many packages arrived so far. */
export function restore(parts: RestoringParts): number {
  const { store, tracker, refuse } = parts;
  tracker.restore(store.stories());
  let arrivals = 0;
  for (const stored of store.packages()) {
    arrivals = stored.arrival + 1;
    if (resume(parts, stored)) continue;
    const message = 'what this node has stored of the package does not fit together: it may be submitted again';
    refuse(stored.hash, stored.core, { reason: 'hostFault', message });
  }
  return arrivals;
}

type Of<S extends StageEvent['stage']> = Extract<StageEvent, { stage: S }>;

function find<S extends StageEvent['stage']>(story: readonly StageEvent[], stage: S): Of<S> | undefined {
  return story.findLast((event): event is Of<S> => event.stage === stage);
}

/** A package goes on. Returns false, and does nothing, if what is on disk does not fit together. */
function resume(parts: RestoringParts, stored: StoredPackage): boolean {
  const { inCore, tracker, intake, flights } = parts;
  const { hash, encoded, core, address, connection } = stored;
  const story = tracker.told(hash) ?? [];
  const answer = collect(encoded);
  if (!answer.ok || find(story, 'submitted') === undefined) return false;
  const collected = answer.value;
  const { context: contextOf } = collected.workPackage;
  const ticket: Ticket = { hash, bytes: encoded.length, core, prerequisite: contextOf.prerequisite };
  const submitter: Submitter = { address, connection };
  const authorized = find(story, 'authorized');
  if (authorized === undefined) {
    flights.set(toHex(hash), { ticket, submitter, state: { at: 'submitted' } });
    intake.restoreSubmitted(ticket, collected, submitter);
    return true;
  }
  const { authId, core: itsCore, weightPs: weight } = authorized;
  const context = inCore.block(contextOf.headerHash);
  if (itsCore === undefined || context === undefined) return false;
  const refined = stateOf(parts, stored, collected, story, itsCore);
  if (refined === undefined) return false;
  if (refined === 'unrefined') {
    const state = { at: 'authorized', core: itsCore, context: context.hash } as const;
    flights.set(toHex(hash), { ticket, submitter, state });
    intake.restoreAuthorized(ticket, { ...collected, core: itsCore, authId, context, weight }, submitter);
  } else {
    flights.set(toHex(hash), { ticket, submitter, state: refined });
    intake.restoreRefined(ticket, itsCore, authId, submitter);
  }
  return true;
}

/** The state of an authorized package, if it is refined; undefined if what is on disk does not fit together. */
function stateOf(
  { chain, inCore, store }: RestoringParts,
  { hash, address, connection }: StoredPackage,
  { encoded, workPackage }: Collected,
  story: readonly StageEvent[],
  core: number,
): FlightState | 'unrefined' | undefined {
  const reported = find(story, 'reported');
  if (reported !== undefined) {
    const block = chain.blockHash(reported.block);
    if (block === undefined) return undefined;
    const at = find(story, 'available') === undefined ? 'registered' : 'available';
    return { at, core, block: { hash: block, number: reported.block } };
  }
  if (find(story, 'attested') === undefined) return 'unrefined';
  const attestation = store.attestation(hash);
  if (attestation === undefined) return undefined;
  const shards = (): ReturnType<typeof makeShards> =>
    makeShards(encoded, inCore.validators(workPackage.context.headerHash).length);
  return { at: 'attested', candidate: { attestation, submitter: [address, connection] }, shards };
}
