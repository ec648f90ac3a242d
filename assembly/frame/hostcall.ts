// Exports that the host calls while a guest runs: `@hostcall()`. The compiler wraps them: arguments decoded, the answer
// encoded, and all memory given back, since a guest may call a hundred thousand times in one block.

let refused: bool = false;

/** Called in a host call's body: the running entry point may not do this, so the guest traps. */
export function refuseHostcall(): void {
  refused = true;
}

/** Whether the call just made was refused; asking forgets it. For the compiler's wrapper. */
export function takeRefusal(): bool {
  const was = refused;
  refused = false;
  return was;
}
