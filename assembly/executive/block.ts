// Executes blocks: start, end, and whole blocks with every field of the header checked (frame_executive).
import { addStorageVersions, DispatchClass, storageVersionCount } from '../frame';
import { Block, DigestItem, H256, Header, READ_PS, WRITE_PS } from '../primitives';
import { Bytes, encode, equalBytes } from '../scale';
import { markMemory, resetMemory } from '../rt';
import {
  finalizeBlock as finalizeSystem,
  initializeBlock as initializeSystem,
  LastRuntimeUpgradeInfo,
  noteFinishedExtrinsics,
  noteInitialized,
  registerExtraWeight,
  System,
  Wiring,
} from '../pallets/system';
import { applyExtrinsic, completeInherents } from './apply';
import { VALID } from './validity';

/** Begins the block of this header, whose roots are ignored. */
export function initializeBlock(header: Header): void {
  initializeSystem(header.number, header.parentHash, header.digest.preRuntime());
  let weight: u64 = 0;
  if (codeIsNew()) weight += noteNewPallets() + Wiring.onRuntimeUpgrade();
  weight += Wiring.onInitialize(header.number);
  if (weight != 0) registerExtraWeight(weight, DispatchClass.Mandatory);
  noteInitialized();
}

/** Writes the storage versions of pallets that the new code adds, before its migrations. Returns the weight in picoseconds. */
function noteNewPallets(): u64 {
  return <u64>storageVersionCount() * READ_PS + <u64>addStorageVersions() * WRITE_PS;
}

/** Whether the code was upgraded since the last block; records the version. */
function codeIsNew(): bool {
  const version = Wiring.version();
  const last = System.lastRuntimeUpgrade.get();
  if (last !== null && last.specVersion >= version.specVersion && last.specName == version.specName) return false;
  const now = new LastRuntimeUpgradeInfo();
  now.specVersion = version.specVersion;
  now.specName = version.specName;
  System.lastRuntimeUpgrade.set(now);
  return last !== null;
}

/** Ends the block: runs the hooks, and returns the header. */
export function finalizeBlock(): Header {
  completeInherents();
  noteFinishedExtrinsics();
  Wiring.onFinalize(System.number.get());
  return finalizeSystem();
}

/** Executes a block without its seal. Panics if the result differs from the header. */
export function executeBlock(block: Block): void {
  const claimed = block.header;
  const before = System.number.get();
  if (claimed.number != before + 1) {
    throw new Error(`executive: block ${claimed.number.toString()} does not follow block ${before.toString()}`);
  }
  initializeBlock(claimed);
  // Applying an extrinsic keeps no allocation, so a block uses the memory of its largest extrinsic.
  const mark = markMemory();
  for (let i = 0; i < block.extrinsics.length; i++) {
    const applied = applyExtrinsic(block.extrinsics[i]);
    if (applied.validity != VALID) {
      const validity = applied.validity.toString(16);
      throw new Error(`executive: extrinsic ${i.toString()} may not be in the block (validity 0x${validity})`);
    }
    resetMemory(mark);
  }
  const actual = finalizeBlock();
  ensureDigest(actual.digest.logs, claimed.digest.logs);
  ensureRoot('state root', actual.stateRoot, claimed.stateRoot);
  ensureRoot('extrinsics root', actual.extrinsicsRoot, claimed.extrinsicsRoot);
}

function ensureRoot(name: string, actual: H256, claimed: H256): void {
  if (actual.equals(claimed)) return;
  throw new Error(`executive: the ${name} is ${actual.toString()}, not ${claimed.toString()} as the header claims`);
}

function ensureDigest(actual: Array<DigestItem>, claimed: Array<DigestItem>): void {
  if (actual.length != claimed.length) {
    const counts = `${actual.length.toString()} items, not ${claimed.length.toString()}`;
    throw new Error(`executive: the digest has ${counts} as the header claims`);
  }
  for (let i = 0; i < actual.length; i++) {
    if (!equalBytes(encoded(actual[i]), encoded(claimed[i]))) {
      throw new Error(`executive: item ${i.toString()} of the digest is not what the header claims`);
    }
  }
}

function encoded(item: DigestItem): Bytes {
  return encode<DigestItem>(item);
}
