// payment_*: what a transaction costs.
import { concat, Reader, Writer } from '../bytes/index.js';
import { blockAt, runtimeCall, type Context } from './context.js';
import { runtimeResult, runtimeResultLater, undecodable } from './errors.js';
import { isWholeExtrinsic, type Json } from '../node/index.js';
import type { Params } from './params.js';
import type { Client } from './registry.js';

const CLASSES = ['normal', 'operational', 'mandatory'];

function ask(
  context: Context,
  params: Params,
  client: Client,
  [method, attempt]: readonly [method: string, attempt: string],
  read: (answer: Reader) => Json,
): Json | Promise<Json> {
  const extrinsic = params.bytes(0, 'encodedXt');
  if (!isWholeExtrinsic(extrinsic)) throw undecodable(attempt);
  const block = blockAt(context, params.optionalHash(1, 'at'));
  const args = concat(extrinsic, new Writer(4).u32(extrinsic.length).finish());
  const name = `TransactionPaymentApi_${method}`;
  const output = runtimeResult(attempt, () => runtimeCall(context, client, block.hash, name, args));
  if (output instanceof Uint8Array) return read(new Reader(output));
  return runtimeResultLater(attempt, output).then((bytes) => read(new Reader(bytes)));
}

const INFO = ['query_info', 'Unable to query dispatch info.'] as const;
const FEE_DETAILS = ['query_fee_details', 'Unable to query fee details.'] as const;

/** Weight, class and fee, without the tip. The weight is an object of its two halves, named as in Substrate. */
export function queryInfo(context: Context, params: Params, client: Client): Json | Promise<Json> {
  return ask(context, params, client, INFO, (answer) => {
    // Both are below 2^53: in picoseconds two and a half hours, more than any block has.
    const weight = { ref_time: answer.compact(), proof_size: answer.compact() };
    return { weight, class: CLASSES[answer.u8()] ?? null, partialFee: answer.u128().toString() };
  });
}

/** The parts of the fee; null if the transaction pays none. */
export function queryFeeDetails(context: Context, params: Params, client: Client): Json | Promise<Json> {
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  return ask(context, params, client, FEE_DETAILS, (answer) => {
    const fees = answer.option((reader) => ({
      baseFee: hex(reader.u128()),
      lenFee: hex(reader.u128()),
      adjustedWeightFee: hex(reader.u128()),
    }));
    return { inclusionFee: fees ?? null };
  });
}
