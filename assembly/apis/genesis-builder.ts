// GenesisBuilder: the genesis state, from a JSON document.
//
//   { "balances": { … }, "sudo": { … }, … }     one member per pallet: items and functions that it marks for genesis
//
// The document does not contain `:code`: the caller adds it to the state built here.
import { Generated, initializeStorageVersions } from '../frame';
import { JsonReader } from '../json';
import { LastRuntimeUpgradeInfo, System, Wiring } from '../pallets/system';
import { Bytes, Result, Unit, utf8 } from '../scale';

/** Builds the genesis state. */
@api('GenesisBuilder', 1)
export class GenesisBuilder {
  /** Builds the state from a JSON document. An error names key and position, or the value that does not suit another. */
  static buildState(json: Bytes): Result<Unit, string> {
    const reader = new JsonReader(json);
    if (reader.enterObject()) {
      for (let key = reader.nextKey(); key !== null; key = reader.nextKey()) {
        if (!Generated.genesis(key, reader)) reader.fail('no pallet has this name, or it has nothing to set');
      }
    }
    if (!reader.end()) return new Result<Unit, string>(false, new Unit(), reader.error);
    Generated.afterGenesis();
    initializeStorageVersions();
    const refusal = Wiring.genesisError();
    if (refusal.length > 0) return new Result<Unit, string>(false, new Unit(), refusal);
    const upgrade = new LastRuntimeUpgradeInfo();
    const version = Wiring.version();
    upgrade.specVersion = version.specVersion;
    upgrade.specName = version.specName;
    System.lastRuntimeUpgrade.set(upgrade);
    return new Result<Unit, string>(true, new Unit(), '');
  }

  /** A preset by name; without a name, the empty document. */
  static getPreset(id: string | null): Bytes | null {
    return id === null ? utf8('{}') : Generated.preset(id);
  }

  /** Names of the presets. */
  static presetNames(): Array<string> {
    return Generated.presetNames();
  }
}
