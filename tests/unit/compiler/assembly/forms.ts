// One method per form of type, which returns its argument, for the codec tests.
import { DispatchError, DispatchResult } from '../../../../assembly/frame';
import { AccountId, Digest, Era, H256, MultiAddress, MultiSignature, U128 } from '../../../../assembly/primitives';
import {
  BitVec,
  BoundedBytes,
  BoundedVec,
  BTreeMap,
  Bytes,
  Compact,
  FixedBytes,
  Option,
  Result,
  Tuple2,
  Tuple3,
  Tuple4,
  Tuple5,
  Unit,
} from '../../../../assembly/scale';

const SEVEN = 7;

@bound(4) export class Four {}
@bound(SEVEN + 3) export class Ten {}
@fixed(3) export class Three extends FixedBytes {}

/** Members need not follow each other. */
export enum Sparse {
  First = 1,
  Third = 3,
  Last = 200,
}

/** A struct with all special kinds of fields. */
@scale()
export class Peculiar {
  readonly fixed: Three = new Three();
  private hidden: u16 = 5;
  @compact() small: u8 = 0;
  @compact() wide: U128 = new U128();
  @bounded(4) few: Array<u16> = [];
  sparse: Sparse = Sparse.First;
  maybe: Bytes | null = null;

  /** So that `hidden` is used. */
  sum(): u16 {
    return this.hidden + this.small;
  }
}

/** Fields declared by the constructor, without defaults. */
@scale()
export class Pair {
  constructor(
    public left: u32,
    public right: H256,
  ) {}
}

/** A struct of any type. */
@scale()
export class Box<T> {
  constructor(
    public inner: T,
    public again: Array<T>,
  ) {}
}

/** A recursive struct. */
@scale()
export class Tree {
  label: u8 = 0;
  children: Array<Tree> = [];
}

/** A struct that contains itself in three ways. */
@scale()
export class Folder {
  name: string = '';
  children: Array<Folder> = [];
  parent: Folder | null = null;
  link: Link = new Link();
}

/** By way of this, a Folder contains itself. */
@scale()
export class Link {
  to: Folder | null = null;
}

/** An enum with data. */
@variants()
export class Shape {}
@variant(0) export class ShapePoint extends Shape {}
@variant(2) export class ShapeCircle extends Shape {
  radius: u32 = 0;
}
@variant(5) export class ShapePath extends Shape {
  points: Array<Tuple2<i16, i16>> = [];
  closed: bool = false;
}

/** Derives from another struct: its fields come first. */
@scale()
export class Derived extends Pair {
  more: i64 = 0;
}

@api('Forms', 1)
export class Forms {
  static integers(v: Tuple5<u8, u16, u32, u64, bool>): Tuple5<u8, u16, u32, u64, bool> {
    return v;
  }
  static signed(v: Tuple4<i8, i16, i32, i64>): Tuple4<i8, i16, i32, i64> {
    return v;
  }
  static wide(v: U128): U128 {
    return v;
  }
  static compacts(
    a: Compact<u8>,
    b: Compact<u16>,
    c: Compact<u32>,
    d: Compact<u64>,
    e: Compact<U128>,
  ): Tuple5<Compact<u8>, Compact<u16>, Compact<u32>, Compact<u64>, Compact<U128>> {
    return new Tuple5<u8, u16, u32, u64, U128>(a, b, c, d, e);
  }
  static text(v: string): string {
    return v;
  }
  static bytes(v: Bytes): Bytes {
    return v;
  }
  static boundedBytes(v: BoundedBytes<Four>): BoundedBytes<Four> {
    return v;
  }
  static boundedVec(v: BoundedVec<H256, Ten>): BoundedVec<H256, Ten> {
    return v;
  }
  static numbers(v: Array<u32>): Array<u32> {
    return v;
  }
  static nested(v: Array<Array<string>>): Array<Array<string>> {
    return v;
  }
  static fixed(v: Tuple3<H256, AccountId, Three>): Tuple3<H256, AccountId, Three> {
    return v;
  }
  static nullable(v: H256 | null): H256 | null {
    return v;
  }
  static option(v: Option<u32>): Option<u32> {
    return v;
  }
  static optionOfOption(v: Option<Option<bool>>): Option<Option<bool>> {
    return v;
  }
  static sparse(v: Array<Sparse>): Array<Sparse> {
    return v;
  }
  static result(v: Result<Bytes, Sparse>): Result<Bytes, Sparse> {
    return v;
  }
  static unitResult(v: Result<Unit, string>): Result<Unit, string> {
    return v;
  }
  static map(v: BTreeMap<u32, string>): BTreeMap<u32, string> {
    return v;
  }
  static mapOfBytes(v: BTreeMap<Bytes, Sparse>): BTreeMap<Bytes, Sparse> {
    return v;
  }
  static mapOfHashes(v: BTreeMap<H256, u8>): BTreeMap<H256, u8> {
    return v;
  }
  static bits(v: BitVec): BitVec {
    return v;
  }
  static peculiar(v: Peculiar): Peculiar {
    return v;
  }
  static pair(v: Pair): Pair {
    return v;
  }
  static derived(v: Derived): Derived {
    return v;
  }
  static boxed(v: Box<Sparse>): Box<Sparse> {
    return v;
  }
  static boxOfBoxes(v: Box<Box<u64>>): Box<Box<u64>> {
    return v;
  }
  static tree(v: Tree): Tree {
    return v;
  }
  static folder(v: Folder): Folder {
    return v;
  }
  static shape(v: Array<Shape>): Array<Shape> {
    return v;
  }
  static address(v: MultiAddress): MultiAddress {
    return v;
  }
  static signature(v: MultiSignature): MultiSignature {
    return v;
  }
  static digest(v: Digest): Digest {
    return v;
  }
  static era(v: Era): Era {
    return v;
  }
  static error(v: DispatchError): DispatchError {
    return v;
  }
  static outcome(v: DispatchResult): DispatchResult {
    return v;
  }
  static nothing(): void {}
}
