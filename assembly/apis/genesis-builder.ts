// GenesisBuilder: the first state, from a JSON document.
//
//   { "balances": { … }, "sudo": { … }, … }     one member a pallet: the items and functions that it marks for genesis
//
// `:code` is not part of it: the chain's maker puts it beside the state built here.
import { Generated } from '../frame';
import { JsonReader } from '../json';
import { LastRuntimeUpgradeInfo, System, Wiring } from '../pallets/system';
import { Bytes, Result, Unit, utf8 } from '../scale';

/** Builds the first state of a chain. */
@api('GenesisBuilder', 1)
export class GenesisBuilder {
  /** Builds the state that the document describes; the error is a sentence with key and position. */
  static buildState(json: Bytes): Result<Unit, string> {
    const reader = new JsonReader(json);
    if (reader.enterObject()) {
      for (let key = reader.nextKey(); key !== null; key = reader.nextKey()) {
        if (!Generated.genesis(key, reader)) reader.fail('no pallet has this name, or it has nothing to set');
      }
    }
    if (!reader.end()) return new Result<Unit, string>(false, new Unit(), reader.error);
    Generated.afterGenesis();
    const upgrade = new LastRuntimeUpgradeInfo();
    const version = Wiring.version();
    upgrade.specVersion = version.specVersion;
    upgrade.specName = version.specName;
    System.lastRuntimeUpgrade.set(upgrade);
    return new Result<Unit, string>(true, new Unit(), '');
  }

  /** A document by name, none if there is none of that name; without a name, one that sets nothing. */
  static getPreset(id: string | null): Bytes | null {
    return id === null ? utf8('{}') : Generated.preset(id);
  }

  /** Names of the documents. */
  static presetNames(): Array<string> {
    return Generated.presetNames();
  }
}
