// Registering Authorizers, and how long they stay registered. Spec: RFC-0031 § Collection and `is_authorized`; D23, D27.
import { DispatchResult, OK, useWeight } from '../../frame';
import { isRunnable } from '../../io';
import { AccountId, Balance, U128 } from '../../primitives';
import { Authorizer, FIRST_AUTH_ID, MAX_GUEST_CODE_SIZE, preparingWeight } from '../../primitives/corejam';
import { encodedLength, some } from '../../scale';
import { doHold, doRelease, RuntimeHoldReason } from '../balances';
import {
  depositFor,
  doRequest,
  doUnrequest,
  isUnrequested,
  lookupPreimage,
  Requester,
  Settled,
  settleEnded,
  Storage,
} from '../storage';
import { System } from '../system';
import { Authorizations, AuthorizationsError, AuthorizationsEvent, Registration, Waiting } from './state';
import { AuthorizationsWeights } from './weights';

/** Registers an Authorizer under the next AuthId, with a deposit by the sizes of it and of its code. */
export function doRegister(who: AccountId, authorizer: Authorizer): DispatchResult {
  const hash = authorizer.codeHash;
  const length = Storage.lengths.tryGet(hash);
  useWeight(AuthorizationsWeights.register() + preparingWeight(length));
  if (length.isNone) return AuthorizationsError.CodeNotStored;
  if (length.value > MAX_GUEST_CODE_SIZE) return AuthorizationsError.CodeTooLong;
  const code = lookupPreimage(hash);
  if (code == null) return AuthorizationsError.CodeNotStored;
  if (!isRunnable(hash.bytes, code, 'is_authorized')) return AuthorizationsError.InvalidCode;
  const count = Authorizations.count.get();
  if (count > u32.MAX_VALUE - FIRST_AUTH_ID) return AuthorizationsError.OutOfIds;
  const registration = new Registration();
  registration.depositor = who;
  registration.deposit = depositOf(authorizer).add(depositFor(length.value));
  const held = doHold(who, RuntimeHoldReason.authorizerRegistration(), registration.deposit);
  if (held != OK) return held;
  const id = FIRST_AUTH_ID + count;
  // The Authorizer requests its code, so that the depositor of the code can't remove it.
  if (doRequest(Requester.authorizer(id), hash, length.value) != OK) {
    throw new Error('authorizations: the request of stored code was refused');
  }
  Authorizations.count.set(count + 1);
  Authorizations.authorizers.set(id, authorizer);
  Authorizations.registrations.set(id, registration);
  AuthorizationsEvent.Registered(id, who, hash);
  return OK;
}

/**
 * Removes an Authorizer that no core has or had within 24 hours: in-core checks of its packages are over then (D27). The
 * deposit returns at once if another request holds the code. Otherwise the code stays for 24 hours because of this
 * Authorizer, and another call, which removes it, returns the deposit (D23).
 */
export function doUnregister(who: AccountId, id: u32): DispatchResult {
  const registration = Authorizations.registrations.get(id);
  const authorizer = Authorizations.authorizers.get(id);
  if (registration == null || authorizer == null) return doRefund(who, id);
  if (!registration.depositor.equals(who)) return AuthorizationsError.NotDepositor;
  if (registration.cores > 0) return AuthorizationsError.StillAssigned;
  const endedAt = registration.endedAt;
  const delay = Storage.expungeDelay.get();
  const now = System.number.get();
  if (endedAt.isSome && now - endedAt.value < delay) return AuthorizationsError.TooEarly;
  const hash = authorizer.codeHash;
  const length = Storage.lengths.tryGet(hash);
  if (length.isNone || doUnrequest(Requester.authorizer(id), hash) != OK) {
    throw new Error('authorizations: an Authorizer does not hold its code');
  }
  Authorizations.authorizers.remove(id);
  Authorizations.registrations.remove(id);
  const wait = isUnrequested(hash, length.value);
  AuthorizationsEvent.Unregistered(id, who, wait);
  if (!wait) {
    refund(id, who, registration.deposit);
    return OK;
  }
  const waiting = new Waiting();
  waiting.depositor = who;
  waiting.deposit = registration.deposit;
  waiting.codeHash = hash;
  waiting.codeLength = length.value;
  waiting.from = now;
  Authorizations.waiting.set(id, waiting);
  return OK;
}

/** Returns the deposit of an unregistered Authorizer, and removes its code if nothing else keeps it. */
function doRefund(who: AccountId, id: u32): DispatchResult {
  const waiting = Authorizations.waiting.get(id);
  if (waiting == null) return AuthorizationsError.NotRegistered;
  if (!waiting.depositor.equals(who)) return AuthorizationsError.NotDepositor;
  const ended = settleEnded(waiting.codeHash, waiting.codeLength, some<u32>(waiting.from));
  if (ended == Settled.TooEarly) return AuthorizationsError.TooEarly;
  if (ended == Settled.StillKept) return OK;
  Authorizations.waiting.remove(id);
  refund(id, who, waiting.deposit);
  return OK;
}

function refund(id: u32, who: AccountId, deposit: Balance): void {
  const amount = doRelease(who, RuntimeHoldReason.authorizerRegistration(), deposit);
  AuthorizationsEvent.Refunded(id, who, amount);
}

/** Whether `id` is registered, so that a core can be assigned to it. */
export function isRegistered(id: u32): bool {
  return Authorizations.registrations.has(id);
}

/** Records that a core was assigned to `id`, which is registered. */
export function noteAssigned(id: u32): void {
  const registration = registrationOf(id);
  registration.cores++;
  Authorizations.registrations.set(id, registration);
}

/** Records that an assignment of a core to `id` has ended. */
export function noteUnassigned(id: u32): void {
  const registration = registrationOf(id);
  if (registration.cores == 0) throw new Error('authorizations: an assignment that was not recorded');
  registration.cores--;
  registration.endedAt = some<u32>(System.number.get());
  Authorizations.registrations.set(id, registration);
}

function registrationOf(id: u32): Registration {
  const registration = Authorizations.registrations.get(id);
  if (registration == null) throw new Error('authorizations: a core is assigned to an unregistered AuthId');
  return registration;
}

/** The deposit for the encoded Authorizer, without its code. */
function depositOf(authorizer: Authorizer): Balance {
  const size = <u64>encodedLength<Authorizer>(authorizer);
  return Authorizations.depositBase.add(Authorizations.depositPerByte.mul(U128.from(size)));
}
