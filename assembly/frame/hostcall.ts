// Exports that the host calls while a guest runs: `@hostcall()`. The generated wrapper decodes the arguments, encodes
// the result, and frees the memory that the call allocated, because a guest may make 100,000 calls in one block.

class Hostcall {
  @transient('set by the body of a host call, taken by its wrapper') static refused: bool = false;
}

/** Called in a host call's body if the running entry point may not make this call: the guest traps. */
export function refuseHostcall(): void {
  Hostcall.refused = true;
}

/** Whether the last host call was refused; resets it. For the generated wrapper. */
export function takeRefusal(): bool {
  const refused = Hostcall.refused;
  Hostcall.refused = false;
  return refused;
}
