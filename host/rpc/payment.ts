// payment_*: what a transaction costs.
import { concat, Reader, Writer } from '../bytes/index.js';
import { blockAt, callRuntime, type Context } from './context.js';
import { invalidParams } from './errors.js';
import { isWholeExtrinsic } from '../node/index.js';
import type { Json, Params } from './params.js';

const CLASSES = ['normal', 'operational', 'mandatory'];

function ask(context: Context, params: Params, method: string): Reader {
  const extrinsic = params.bytes(0, 'extrinsic');
  if (!isWholeExtrinsic(extrinsic)) throw invalidParams('extrinsic is none: its length prefix does not match its length');
  const block = blockAt(context, params.optionalHash(1, 'at'));
  const args = concat(extrinsic, new Writer(4).u32(extrinsic.length).finish());
  return new Reader(callRuntime(context, block.hash, `TransactionPaymentApi_${method}`, args));
}

/** Weight, class and fee, without the tip. */
export function queryInfo(context: Context, params: Params): Json {
  const answer = ask(context, params, 'query_info');
  // Weights stay below 2^53 in every runtime, which is two and a half hours of work.
  const weight = { ref_time: Number(answer.compactBig()), proof_size: Number(answer.compactBig()) };
  return { weight, class: CLASSES[answer.u8()] ?? null, partialFee: answer.u128().toString() };
}

/** The parts of the fee; null where the transaction pays none. */
export function queryFeeDetails(context: Context, params: Params): Json {
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  const fees = ask(context, params, 'query_fee_details')
    .option((reader) => ({ baseFee: hex(reader.u128()), lenFee: hex(reader.u128()), adjustedWeightFee: hex(reader.u128()) }));
  return { inclusionFee: fees ?? null };
}
