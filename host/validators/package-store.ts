// What this node has on disk about the packages that it was given, in columns of the chain's database.
//
//   column         key             value
//   packages       package hash    arrival u32, core Option<u16>, address str, connection str, bytes of the package
//   attestations   package hash    SCALE(Attestation): of a package that waits to be Registered
//   stories        package hash    the stages that were told, as JSON; kept for a while after the last one
//
// All writes go to the caller's batch, which is one transaction. The two first columns have packages in progress only.
import { encode, decode, Reader, text, toHex, utf8, Writer } from '../bytes/index.js';
import { type Attestation, readAttestation, writeAttestation } from '../contract/index.js';
import type { Batch, Column, Database } from '../db/index.js';
import type { StageEvent } from './tracker.js';

const PACKAGES = 'packages';
const ATTESTATIONS = 'attestations';
const STORIES = 'stories';

/** A package in progress as it was submitted. */
export interface StoredPackage {
  readonly hash: Uint8Array;
  /** Counts the packages that this node took in. */
  readonly arrival: number;
  /** The core that the submitter named. */
  readonly core: number | undefined;
  /** Who submitted it: the network address, and the name of the connection. */
  readonly address: string;
  readonly connection: string;
  /** SCALE(EncodedWorkPackage). */
  readonly encoded: Uint8Array;
}

export class PackageStore {
  readonly #packages: Column;
  readonly #attestations: Column;
  readonly #stories: Column;

  constructor(database: Pick<Database, 'column'>) {
    this.#packages = database.column(PACKAGES);
    this.#attestations = database.column(ATTESTATIONS);
    this.#stories = database.column(STORIES);
  }

  /** The packages in progress, in the order of arrival. */
  packages(): StoredPackage[] {
    return [...this.#packages.entries()]
      .map(([hash, value]): StoredPackage => {
        const reader = new Reader(value);
        const arrival = reader.u32();
        const core = reader.option((r) => r.u16());
        const [address, connection, encoded] = [reader.str(), reader.str(), reader.bytes()];
        reader.end();
        return { hash, arrival, core, address, connection, encoded };
      })
      .sort((a, b) => a.arrival - b.arrival);
  }

  attestation(hash: Uint8Array): Attestation | undefined {
    const value = this.#attestations.get(hash);
    return value === undefined ? undefined : decode(readAttestation, value);
  }

  /** The stages of each package, in order; first of the packages that had their last stage first. */
  stories(): StageEvent[][] {
    const lastOf = (story: StageEvent[]): StageEvent => story.at(-1)!;
    return [...this.#stories.entries()]
      .map(([hash, value]) => readStory(hash, value))
      .sort((a, b) => lastOf(a).block - lastOf(b).block || lastOf(a).timeMs - lastOf(b).timeMs);
  }

  putPackage(batch: Batch, { hash, arrival, core, address, connection, encoded }: StoredPackage): void {
    const writer = new Writer(encoded.length + 128).u32(arrival).option(core, (into, index) => into.u16(index));
    batch.put(PACKAGES, hash, writer.str(address).str(connection).bytes(encoded).finish());
  }

  putAttestation(batch: Batch, attestation: Attestation): void {
    batch.put(ATTESTATIONS, attestation.report.packageSpec.hash, encode(writeAttestation, attestation));
  }

  putStory(batch: Batch, hash: Uint8Array, events: readonly StageEvent[]): void {
    batch.put(STORIES, hash, writeStory(events));
  }

  /** The package is Registered. */
  removeAttestation(batch: Batch, hash: Uint8Array): void {
    batch.remove(ATTESTATIONS, hash);
  }

  /** The package is concluded. */
  removePackage(batch: Batch, hash: Uint8Array): void {
    batch.remove(PACKAGES, hash).remove(ATTESTATIONS, hash);
  }

  removeStory(batch: Batch, hash: Uint8Array): void {
    batch.remove(STORIES, hash);
  }
}

/** Stages as JSON: weights as decimal strings, and without the hash, which is the key. */
function writeStory(events: readonly StageEvent[]): Uint8Array {
  const plain = events.map((event) => ({ ...event, package: undefined }));
  return utf8(JSON.stringify(plain, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
}

function readStory(hash: Uint8Array, value: Uint8Array): StageEvent[] {
  const plain = JSON.parse(text(value), (name, part: unknown) =>
    name === 'weightPs' ? BigInt(part as string) : part,
  ) as Omit<StageEvent, 'package' | 'core'>[];
  if (plain.length === 0) throw new RangeError(`the stored story of ${toHex(hash)} has no stage`);
  return plain.map((event) => ({ core: undefined, ...event, package: hash }) as StageEvent);
}
