// Authorizer "signature": a package may use the core if it is signed with the key in `param`.
//
//   param           the sr25519 public key, 32 bytes
//   authorization   Bulk evidence: an sr25519 signature of 64 bytes over the package message, which is
//                   blake2_256(SCALE(("CJ-PKG", version, context, items)))
//
// Spec: RFC-0031 § Collection and `is_authorized`: "A simple proof system would be a regular PKI signature"; D18.
import {
  AccountId,
  AuthorizationBulk,
  Bytes,
  fixed,
  log,
  PackageHead,
  packageMessage,
  Signature64,
  sr25519Verify,
} from '../../sdk';

export class SignatureAuthorizer {
  /** Whether the package is signed by the key in `param`. */
  @entry('is_authorized')
  static isAuthorized(param: Bytes, workPackage: PackageHead, _coreIndex: u16): bool {
    if (param.length != 32) return refuse('the parameter of this Authorizer is no public key of 32 bytes');
    const authorization = workPackage.authorization;
    if (!(authorization instanceof AuthorizationBulk)) return refuse('the authorization must be of the kind Bulk');
    const evidence = changetype<AuthorizationBulk>(authorization).evidence;
    if (evidence.length != 64) return refuse('the evidence must be an sr25519 signature of 64 bytes');
    return (
      sr25519Verify(fixed<Signature64>(evidence), packageMessage(), fixed<AccountId>(param)) ||
      refuse("the signature is not that of the core's key over this package")
    );
  }
}

/** Logs the reason, for the package's builder. */
function refuse(why: string): bool {
  log(why);
  return false;
}
