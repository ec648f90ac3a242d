// The runtime: its pallets, the order of their hooks and inherents, its version.
//
// The compiler reads every file reached from here. A hook or an inherent that is missing from its order below is a
// compile error.
import './apis/core';
import './apis/metadata';
import './apis/block-builder';
import './apis/transaction-queue';
import './apis/accounts';
import './apis/transaction-payment';
import './apis/authoring';
import './apis/genesis-builder';
import './apis/corejam';
import './pallets/authorizations';
import './pallets/balances';
import './pallets/coretime';
import './pallets/storage';
import './pallets/sudo';
import './pallets/transaction-payment';
import './pallets/work-classes';
import { Generated } from './frame';
import { Sr25519Public, Tag8 } from './primitives';
import { decodeOr, Tuple2 } from './scale';
import { Accumulation } from './pallets/accumulation';
import { Availability } from './pallets/availability';
import { Reporting } from './pallets/reporting';
import { RuntimeVersion } from './pallets/system';
import { Timestamp } from './pallets/timestamp';
import { Validators } from './pallets/validators';

/** Increased with every change of behaviour. */
const SPEC_VERSION: u32 = 1;
/** Increased with every change of the extrinsic format. */
const TRANSACTION_VERSION: u32 = 1;

// Time-outs come before accumulation.
@runtime()
@order('onInitialize', Reporting, Availability, Accumulation)
@order('inherents', Timestamp, Availability, Reporting)
@order('afterInherents', Accumulation)
@order('onFinalize', Timestamp, Availability, Accumulation)
@preset('development', 'chain-spec/presets/development.json')
@preset('local_testnet', 'chain-spec/presets/local_testnet.json')
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

  static authorities(): Array<Sr25519Public> {
    return Validators.keys.get();
  }
}
