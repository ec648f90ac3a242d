// The job module for the tests of long-calls.ts: does what the name of the entry point says.
let jobs = 0;

export async function run({ method, args }) {
  jobs += 1;
  switch (method) {
    case 'Test_spin':
      for (;;);
    case 'Test_exit':
      process.exit(9);
    // falls through
    case 'Test_exit_after_another':
      if (jobs > 1) process.exit(9);
    // falls through
    case 'Test_echo':
      return { kind: 'output', output: args, lines: [[2, 'test', `job ${jobs}`]] };
    case 'Test_throw':
      throw new Error('a bug');
    default:
      return { kind: 'unknown', lines: [] };
  }
}
