// GenesisBuilder: the first state, from a JSON document.
//
//   { "balances": { … }, "sudo": { … }, … }     one member a pallet; each reads its own
//
// `:code` is not part of it: whoever makes a chain puts that beside the state built here.
import { JsonReader } from '../json';
import { LastRuntimeUpgradeInfo, System, Wiring } from '../pallets/system';
import { Bytes, Result, Unit, utf8 } from '../scale';
import { development } from './genesis-presets';

/** Makers of chains. */
@api('GenesisBuilder', 1)
export class GenesisBuilder {
  /** Builds the state that the document describes; the error is a sentence that names key and position. */
  static buildState(json: Bytes): Result<Unit, string> {
    const reader = new JsonReader(json);
    if (reader.enterObject()) {
      for (let key = reader.nextKey(); key !== null; key = reader.nextKey()) {
        if (!Wiring.genesis(key, reader)) reader.fail('no pallet has this name, or it has nothing to set');
      }
    }
    if (!reader.end()) return new Result<Unit, string>(false, new Unit(), reader.error);
    const upgrade = new LastRuntimeUpgradeInfo();
    const version = Wiring.version();
    upgrade.specVersion = version.specVersion;
    upgrade.specName = version.specName;
    System.lastRuntimeUpgrade.set(upgrade);
    Wiring.afterGenesis();
    return new Result<Unit, string>(true, new Unit(), '');
  }

  /** A document by name, none where there is none of that name; without a name, one that sets nothing. */
  static getPreset(id: string | null): Bytes | null {
    if (id === null) return utf8('{}');
    return id == 'development' ? utf8(development()) : null;
  }

  /** Names of the documents. */
  static presetNames(): Array<string> {
    return ['development'];
  }
}
