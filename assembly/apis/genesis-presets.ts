// Genesis documents that come with the runtime.

/** Alice, Bob, Charlie, Dave, Eve, Ferdie: the well-known sr25519 development keys, derived from the phrase everybody has. */
function developmentKeys(): Array<string> {
  return [
    '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d',
    '0x8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48',
    '0x90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22',
    '0x306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20',
    '0xe659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e',
    '0x1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c',
  ];
}

/** One machine's chain: six validators on three cores, all endowed with a million UNIT, Alice is sudo. */
export function development(): string {
  const keys = developmentKeys();
  let balances = '';
  let validators = '';
  for (let i = 0; i < keys.length; i++) {
    const comma = i > 0 ? ',' : '';
    balances += `${comma}["${keys[i]}","1000000000000000000"]`;
    validators += `${comma}"${keys[i]}"`;
  }
  return (
    `{"balances":{"balances":[${balances}]},"sudo":{"key":"${keys[0]}"},` +
    `"validators":{"keys":[${validators}]},"coretime":{"cores":3}}`
  );
}
