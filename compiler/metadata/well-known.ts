// Types that clients expect with a certain path and shape and that no class describes: sp_runtime's errors and Era.
import type { ScaleType } from '../types.js';
import type { Definition, Entry, TypeRegistry, VariantEntry } from './entries.js';

const plain = (names: string[]): Definition => ({
  tag: 'variant',
  value: names.map((name, index) => ({ name, index, fields: [], docs: [] })),
});

/** sp_runtime::DispatchError, with the types within it. The order of its variants must match frame/dispatch.ts. */
export function dispatchErrorShape(registry: TypeRegistry): number {
  const choice = (path: string, names: string[]): number =>
    registry.add(path, () => plain(names), { path: path.split('::') });
  return registry.add(
    'sp_runtime::DispatchError',
    () => {
      const carried: Record<string, number> = {
        Module: registry.add(
          'sp_runtime::ModuleError',
          () => ({
            tag: 'composite',
            value: [
              registry.field('index', registry.primitive('u8'), 'u8'),
              registry.field('error', registry.bytes(4), '[u8; MAX_MODULE_ERROR_ENCODED_SIZE]'),
            ],
          }),
          { path: ['sp_runtime', 'ModuleError'] },
        ),
        Token: choice('sp_runtime::TokenError', [
          'FundsUnavailable',
          'OnlyProvider',
          'BelowMinimum',
          'CannotCreate',
          'UnknownAsset',
          'Frozen',
          'Unsupported',
          'CannotCreateHold',
          'NotExpendable',
          'Blocked',
        ]),
        Arithmetic: choice('sp_arithmetic::ArithmeticError', ['Underflow', 'Overflow', 'DivisionByZero']),
        Transactional: choice('sp_runtime::TransactionalError', ['LimitReached', 'NoLayer']),
        Trie: choice('sp_runtime::proving_trie::TrieError', [
          'InvalidStateRoot',
          'IncompleteDatabase',
          'ValueAtIncompleteKey',
          'DecoderError',
          'InvalidHash',
          'DuplicateKey',
          'ExtraneousNode',
          'ExtraneousValue',
          'ExtraneousHashReference',
          'InvalidChildReference',
          'ValueMismatch',
          'IncompleteProof',
          'RootMismatch',
          'DecodeError',
        ]),
      };
      const names = [
        'Other',
        'CannotLookup',
        'BadOrigin',
        'Module',
        'ConsumerRemaining',
        'NoProviders',
        'TooManyConsumers',
        'Token',
        'Arithmetic',
        'Transactional',
        'Exhausted',
        'Corruption',
        'Unavailable',
        'RootNotAllowed',
        'Trie',
      ];
      const variants = names.map((name, index) => ({
        name,
        index,
        docs: [],
        fields:
          name in carried
            ? [registry.field(undefined, carried[name]!, name === 'Module' ? 'ModuleError' : `${name}Error`)]
            : [],
      }));
      return { tag: 'variant', value: variants };
    },
    { path: ['sp_runtime', 'DispatchError'] },
  );
}

/** Type parameters by which clients find the types of accounts and events. */
export function parametersOf(registry: TypeRegistry, { shape }: ScaleType, path: string): Entry['params'] {
  if (path === 'sp_runtime::multiaddress::MultiAddress' && shape.kind === 'variants') {
    const id = shape.variants.find((each) => each.name === 'Id')?.fields[0]?.type;
    return [
      { name: 'AccountId', type: id && registry.of(id) },
      { name: 'AccountIndex', type: registry.unit() },
    ];
  }
  if (path === 'frame_system::EventRecord' && shape.kind === 'struct') {
    const topics = shape.fields.find((each) => each.name === 'topics')?.type;
    const topic = topics?.shape.kind === 'vec' ? topics.shape.item : undefined;
    return [
      { name: 'E', type: registry.outer.event() },
      { name: 'T', type: topic && registry.of(topic) },
    ];
  }
  if (path === 'sp_runtime::generic::block::Block' && shape.kind === 'struct') {
    const header = shape.fields.find((each) => each.name === 'header')?.type;
    return [
      { name: 'Header', type: header && registry.of(header) },
      { name: 'Extrinsic', type: registry.outer.extrinsic() },
    ];
  }
  if (path === 'frame_support::traits::tokens::misc::IdAmount' && shape.kind === 'struct') {
    const [id, amount] = shape.fields.map((each) => registry.of(each.type));
    return [
      { name: 'Id', type: id },
      { name: 'Balance', type: amount },
    ];
  }
  return [];
}

/** Era's variants: the immortal one, and one per first byte of a mortal era. */
export function eraVariants(byte: number): VariantEntry[] {
  return Array.from({ length: 256 }, (_, index) =>
    index === 0
      ? { name: 'Immortal', index, fields: [], docs: [] }
      : {
          name: `Mortal${index}`,
          index,
          fields: [{ name: undefined, type: byte, typeName: undefined, docs: [] }],
          docs: [],
        },
  );
}
