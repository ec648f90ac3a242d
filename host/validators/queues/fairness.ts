// Who has to give way when there is no room. Spec: D40.
//
// What is held belongs to parties at several levels, outermost first: for example an address, and a connection from it.
// At each level, a newcomer takes room only from a party that has more than its own party would have. So what one
// address has is taken from that address, however many connections it uses.

/** Who submits. Connections are objects, other submitters have names: both are compared by identity. */
export interface Submitter {
  /** The network address, or what stands for it. */
  readonly address: string;
  readonly connection: object | string;
}

/** Callers in this process. */
export const THIS_PROCESS: Submitter = { address: 'this process', connection: 'this process' };

/** Something that takes room. */
export interface Holding {
  readonly bytes: number;
  /** Its parties, outermost first. */
  readonly parties: readonly unknown[];
}

/** What of a holding is shared fairly. */
export type Measure = (holding: Holding) => number;

/** The measure of a bound on the number of packages. */
export const onePackage: Measure = () => 1;

/** The measure of a bound on bytes. */
export const bytesOf: Measure = ({ bytes }) => bytes;

/** What a party has. */
class Share<H> {
  size = 0;
  readonly parts = new Map<unknown, Share<H>>();
  /** Those of its holdings that may be taken from it, oldest first. Only at the innermost level. */
  readonly takeable: H[] = [];
  takeableCount = 0;
}

/**
 * The holdings that have to give way to `newcomer`, in order, each as if those before it were gone; it ends when no
 * party has more than the newcomer's. `held` is in the order of arrival: a party's newest leave first. Those that are
 * not `takeable` count, but stay.
 */
export function* givingWay<H extends Holding>(
  held: Iterable<H>,
  newcomer: Holding,
  measure: Measure,
  takeable: (holding: H) => boolean = () => true,
): Generator<H, void> {
  const root = new Share<H>();
  for (const holding of held) {
    const may = takeable(holding);
    const inner = resize(root, holding, measure(holding), may ? 1 : 0);
    if (may) inner.takeable.push(holding);
  }
  resize(root, newcomer, measure(newcomer), 0);
  for (;;) {
    const from = shareWithMore(root, newcomer.parties);
    const next = from?.takeable.pop();
    if (next === undefined) return;
    resize(root, next, -measure(next), -1);
    yield next;
  }
}

/** Changes the sizes of all parties of a holding. Returns the innermost one. */
function resize<H>(root: Share<H>, { parties }: Holding, size: number, takeable: number): Share<H> {
  let share = root;
  for (const party of parties) {
    const part = share.parts.get(party) ?? new Share<H>();
    share.parts.set(party, part);
    part.size += size;
    part.takeableCount += takeable;
    share = part;
  }
  return share;
}

/** The innermost share from which the newcomer may take. */
function shareWithMore<H>(root: Share<H>, parties: readonly unknown[]): Share<H> | undefined {
  let share = root;
  for (const party of parties) {
    const own = share.parts.get(party)!;
    const most = greatest(share, own);
    if (most !== undefined && most.size > own.size) return innermost(most);
    share = own;
  }
  return undefined;
}

function innermost<H>(share: Share<H>): Share<H> {
  let inner = share;
  for (let part = greatest(inner); part !== undefined; part = greatest(inner)) inner = part;
  return inner;
}

/** The greatest part that has something to take, except one. */
function greatest<H>(share: Share<H>, except?: Share<H>): Share<H> | undefined {
  let most: Share<H> | undefined;
  for (const part of share.parts.values()) {
    if (part !== except && part.takeableCount > 0 && (most === undefined || part.size > most.size)) most = part;
  }
  return most;
}
