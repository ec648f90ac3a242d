// What the process provides to the validators, in addition to the chain: time, a log, signature verification.

export interface Surroundings {
  nowMs(): number;
  warn(message: string): void;
  /** Whether `signature` is `publicKey`'s over `message`, sr25519. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
