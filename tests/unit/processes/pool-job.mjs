// The job of the pool's tests: does what its input names, also what a job should not do.
export async function run({ task, value }) {
  switch (task) {
    case 'echo':
      return { pid: process.pid, value };
    case 'throw':
      throw new Error(`told to throw ${value}`);
    case 'spin':
      for (;;) if (value === 'never') return;
    case 'fill': {
      // V8 interrupts no single fill; SIGKILL does
      const memory = new WebAssembly.Memory({ initial: value });
      const bytes = new Uint8Array(memory.buffer);
      for (let round = 0; ; round++) bytes.fill(round);
    }
    case 'grow later': // as V8's compiler may, when the job is done
      setTimeout(() => {
        globalThis.kept = new Uint8Array(value).fill(1);
      }, 50);
      return { pid: process.pid };
    case 'exit late': // when the thread that watches for the parent's end has begun to wait
      await new Promise((resolve) => setTimeout(resolve, 300));
    // falls through
    case 'exit':
      process.exit(value);
    // falls through
    default:
      throw new Error('unknown task');
  }
}
