// payment_*: what a transaction costs.
import { concat, Reader, Writer } from '../bytes/index.js';
import { blockAt, type Context } from './context.js';
import { runtimeResult, undecodable } from './errors.js';
import { isWholeExtrinsic, type Json } from '../node/index.js';
import type { Params } from './params.js';

const CLASSES = ['normal', 'operational', 'mandatory'];

function ask(context: Context, params: Params, method: string, attempt: string): Reader {
  const extrinsic = params.bytes(0, 'encodedXt');
  if (!isWholeExtrinsic(extrinsic)) throw undecodable(attempt);
  const block = blockAt(context, params.optionalHash(1, 'at'));
  const args = concat(extrinsic, new Writer(4).u32(extrinsic.length).finish());
  return runtimeResult(
    attempt,
    () => new Reader(context.node.runtimeCall(block.hash, `TransactionPaymentApi_${method}`, args)),
  );
}

/** Weight, class and fee, without the tip. The weight is an object of its two halves, named as in Substrate. */
export function queryInfo(context: Context, params: Params): Json {
  const answer = ask(context, params, 'query_info', 'Unable to query dispatch info.');
  // Both are below 2^53: in picoseconds two and a half hours, more than any block has.
  const weight = { ref_time: answer.compact(), proof_size: answer.compact() };
  return { weight, class: CLASSES[answer.u8()] ?? null, partialFee: answer.u128().toString() };
}

/** The parts of the fee; null if the transaction pays none. */
export function queryFeeDetails(context: Context, params: Params): Json {
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  const fees = ask(context, params, 'query_fee_details', 'Unable to query fee details.').option((reader) => ({
    baseFee: hex(reader.u128()),
    lenFee: hex(reader.u128()),
    adjustedWeightFee: hex(reader.u128()),
  }));
  return { inclusionFee: fees ?? null };
}
