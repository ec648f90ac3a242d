// The package for `is_authorized` without its payloads, and the message that its builder signs.
import { H256 } from '../../assembly/primitives';
import { Authorization, Context, MAX_WORK_ITEMS } from '../../assembly/primitives/corejam';
import { decodeFrom, fixedAt, Reader, Writer } from '../../assembly/scale';
import { ext_corejam_package_message_version_1 } from './env';

/**
 * A package without its payloads, up to 5 MiB, which are not copied. For an Authorizer that reads payloads, use
 * `WorkPackage` as the argument's type.
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

  /** Required by `@custom`; a head can't be encoded. */
  encodeTo(_writer: Writer): void {
    throw new Error('a package head has no encoding');
  }
}

/** The message that the package's builder signs: a hash of everything except the authorization. */
export function packageMessage(): H256 {
  return fixedAt<H256>(<usize>ext_corejam_package_message_version_1());
}
