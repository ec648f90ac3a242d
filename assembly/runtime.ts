/**
 * The runtime: which pallets, wired how, and its version. Indices stand with the pallets; their order here, where it
 * matters, is the order of a block: inherents, hooks.
 *
 * The compiler reads every file reached from here. Code below reaches this class by `@wired` methods alone.
 */
import './apis/core';
import './apis/metadata';
import './apis/block-builder';
import './apis/transaction-queue';
import './apis/accounts';
import './apis/transaction-payment';
import './apis/authoring';
import './apis/genesis-builder';
import './apis/corejam';
import { Generated } from './frame';
import { JsonReader } from './json';
import { Sr25519Public, Tag8 } from './primitives';
import { decodeOr, Tuple2 } from './scale';
import { RuntimeVersion, System } from './pallets/system';
import { Timestamp } from './pallets/timestamp';
import { Balances } from './pallets/balances';
import './pallets/transaction-payment';
import { Sudo } from './pallets/sudo';
import { Validators } from './pallets/validators';
import { Coretime } from './pallets/coretime';
import { Storage } from './pallets/storage';
import './pallets/authorizations';
import { WorkClasses } from './pallets/work-classes';
import { Reporting } from './pallets/reporting';
import { Availability } from './pallets/availability';
import { Accumulation } from './pallets/accumulation';

/** Bumped with every change of what the runtime does. */
const SPEC_VERSION: u32 = 1;
/** Bumped with every change of how extrinsics are encoded. */
const TRANSACTION_VERSION: u32 = 1;

@runtime()
export class Runtime {
  static version(): RuntimeVersion {
    const version = new RuntimeVersion();
    version.specName = 'corejam';
    version.implName = 'corejam';
    version.authoringVersion = 1;
    version.specVersion = SPEC_VERSION;
    version.implVersion = 1;
    version.apis = decodeOr<Array<Tuple2<Tag8, u32>>>(Generated.apiVersions(), []);
    version.transactionVersion = TRANSACTION_VERSION;
    version.stateVersion = 1;
    return version;
  }

  static onInitialize(number: u32): u64 {
    let weight: u64 = 0;
    weight += Reporting.onInitialize(number);
    weight += Availability.onInitialize(number);
    weight += Accumulation.onInitialize(number);
    return weight;
  }

  static afterInherents(): u64 {
    return Accumulation.afterInherents(System.number.get());
  }

  /** Time-outs first, then accumulation over what became available: everything a block reports is in its state root. */
  static onFinalize(number: u32): void {
    Timestamp.onFinalize(number);
    Availability.onFinalize(number);
    Accumulation.onFinalize(number);
  }

  /** There is no earlier version to migrate from. */
  static onRuntimeUpgrade(): u64 {
    return 0;
  }

  static genesis(key: string, json: JsonReader): bool {
    if (key == 'balances') Balances.genesis(json);
    else if (key == 'sudo') Sudo.genesis(json);
    else if (key == 'validators') Validators.genesis(json);
    else if (key == 'coretime') Coretime.genesis(json);
    else if (key == 'storage') Storage.genesis(json);
    else if (key == 'workClasses') WorkClasses.genesis(json);
    else if (key == 'reporting') Reporting.genesis(json);
    else if (key == 'availability') Availability.genesis(json);
    else return false;
    return true;
  }

  static afterGenesis(): void {
    Validators.afterGenesis();
    Storage.afterGenesis();
    Reporting.afterGenesis();
    Availability.afterGenesis();
  }

  static authorities(): Array<Sr25519Public> {
    return Validators.keys.get();
  }
}
