// Sudo: one account that may act as root, for development and for chains with one owner.
import { DispatchResult, OptionValue } from '../../frame';
import { AccountId } from '../../primitives';

/** Why a call of Sudo is refused. */
export enum SudoError {
  /** The sender is not the sudo account. */
  RequireSudo,
}

/** Events of Sudo. */
export class SudoEvent {
  /** A call was made as root. */
  static Sudid(sudoResult: DispatchResult): void {}
  /** The sudo account was changed. */
  static KeyChanged(old: AccountId | null, new_: AccountId): void {}
  /** The sudo account was removed permanently. */
  static KeyRemoved(): void {}
  /** A call was made as another account. */
  static SudoAsDone(sudoResult: DispatchResult): void {}
}

/** One account that may act as root. */
@pallet('Sudo', 4, SudoError, SudoEvent)
export class Sudo {
  /** The sudo account. */
  @genesis() @storage() static key: OptionValue<AccountId>;
}
