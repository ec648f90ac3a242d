// Text modules of the tests, assembled by wabt.
import wabt from 'wabt';

const tools = await wabt();

/** Features beyond wabt's defaults that some tests need in order to show that they are refused. */
export type WatFeatures = Parameters<typeof tools.parseWat>[2];

/** The binary of a text module. */
export function wat(source: string, features: WatFeatures = {}): Uint8Array {
  const parsed = tools.parseWat('test.wat', source, features);
  try {
    return new Uint8Array(parsed.toBinary({}).buffer);
  } finally {
    parsed.destroy();
  }
}

/** The text of a binary module, for snapshots: an instruction a line. */
export function unwat(binary: Uint8Array): string {
  const module = tools.readWasm(binary, {});
  try {
    return module.toText({ foldExprs: false, inlineExport: false });
  } finally {
    module.destroy();
  }
}
