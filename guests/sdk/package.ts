// What `is_authorized` needs of a package: all of it, or its head alone.
import { H256 } from '../../assembly/primitives';
import { Authorization, Context, MAX_WORK_ITEMS } from '../../assembly/primitives/corejam';
import { decodeFrom, fixedAt, Reader, Writer } from '../../assembly/scale';
import { ext_corejam_package_message_version_1 } from './env';

/**
 * A package without its payloads, for an Authorizer that need not read them: of 5 MiB it copies nothing. Take
 * `WorkPackage` as the argument's type instead to have them.
 */
@custom('corejam_guest::PackageHead')
export class PackageHead {
  authorization: Authorization = new Authorization();
  context: Context = new Context();
  /** The class of each item, in order. */
  classes: Array<u32> = [];
  /** The length of each item's payload in bytes. */
  payloadLengths: Array<u32> = [];

  static decodeFrom(reader: Reader): PackageHead {
    const head = new PackageHead();
    head.authorization = decodeFrom<Authorization>(reader);
    head.context = decodeFrom<Context>(reader);
    const items = reader.count(5, <u32>MAX_WORK_ITEMS);
    for (let i = 0; i < items; i++) {
      head.classes.push(reader.u32());
      const length = <u32>reader.count(1);
      reader.take(length);
      head.payloadLengths.push(length);
    }
    return head;
  }

  /** A head can't be made into a package again; only the compiler asks for this. */
  encodeTo(_writer: Writer): void {
    throw new Error('a package head has no encoding');
  }
}

/** What the builder of the package signs: a hash of all of it but the authorization. */
export function packageMessage(): H256 {
  return fixedAt<H256>(<usize>ext_corejam_package_message_version_1());
}
