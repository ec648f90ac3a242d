// Exports that the host calls while a guest runs: `@hostcall()`. The compiler wraps each: it decodes the arguments, encodes the
// result, and frees all memory that the call allocated, because a guest may make a hundred thousand calls in one block.

class Hostcall {
  @transient('set by the body of a host call, taken by its wrapper') static refused: bool = false;
}

/** Called in a host call's body: the running entry point may not do this, so the guest traps. */
export function refuseHostcall(): void {
  Hostcall.refused = true;
}

/** Whether the last host call was refused, which this resets. For the compiler's wrapper. */
export function takeRefusal(): bool {
  const refused = Hostcall.refused;
  Hostcall.refused = false;
  return refused;
}
