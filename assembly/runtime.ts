// The runtime: its pallets, the order of their hooks and inherents, its version.
//
// The compiler reads every file that is imported from here. A pallet that is missing from the list, and a hook or an
// inherent that is missing from its order, are compile errors.
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
import { SS58_PREFIX, Sr25519Public, Tag8, TOKEN_DECIMALS, TOKEN_SYMBOL } from './primitives';
import { decodeOr, Tuple2 } from './scale';
import { Accumulation } from './pallets/accumulation';
import { Authorizations } from './pallets/authorizations';
import { Availability, timeOutError } from './pallets/availability';
import { Balances } from './pallets/balances';
import { Coretime } from './pallets/coretime';
import { attestationsError, Reporting } from './pallets/reporting';
import { Storage } from './pallets/storage';
import { Sudo } from './pallets/sudo';
import { RuntimeVersion, System } from './pallets/system';
import { Timestamp } from './pallets/timestamp';
import { TransactionPayment } from './pallets/transaction-payment';
import { Utility } from './pallets/utility';
import { Validators, validatorsError } from './pallets/validators';
import { WorkClasses } from './pallets/work-classes';

const SPEC_NAME: string = 'corejam';
/** Increased with every change of behaviour. */
const SPEC_VERSION: u32 = 1;
/** Increased with every change of the extrinsic format. */
const TRANSACTION_VERSION: u32 = 1;

@runtime(
  System,
  Timestamp,
  Balances,
  TransactionPayment,
  Sudo,
  Utility,
  Validators,
  Coretime,
  Storage,
  Authorizations,
  WorkClasses,
  Reporting,
  Availability,
  Accumulation,
)
@order('onInitialize', Storage, Reporting, Availability, Accumulation)
@order('inherents', Timestamp, Availability, Reporting)
@order('afterInherents', Availability, Accumulation)
// Time-outs come before accumulation, so that a block's state root covers everything that it reports.
@order('onFinalize', Timestamp, Availability, Accumulation)
@metadataHash(SPEC_NAME, SPEC_VERSION, SS58_PREFIX, TOKEN_DECIMALS, TOKEN_SYMBOL)
@preset('development', 'chain-spec/presets/development.json')
@preset('local_testnet', 'chain-spec/presets/local_testnet.json')
@preset('scale', 'chain-spec/presets/scale.json', 'scale')
export class Runtime {
  static version(): RuntimeVersion {
    const version = new RuntimeVersion();
    version.specName = SPEC_NAME;
    version.implName = 'corejam';
    version.authoringVersion = 1;
    version.specVersion = SPEC_VERSION;
    version.implVersion = 1;
    version.apis = decodeOr<Array<Tuple2<Tag8, u32>>>(Generated.apiVersions(), []);
    version.transactionVersion = TRANSACTION_VERSION;
    version.stateVersion = 1;
    return version;
  }

  static genesisError(): string {
    const validators = validatorsError();
    if (validators.length > 0) return validators;
    const attestations = attestationsError();
    return attestations.length > 0 ? attestations : timeOutError();
  }

  static authorities(): Array<Sr25519Public> {
    return Validators.keys.get();
  }
}
