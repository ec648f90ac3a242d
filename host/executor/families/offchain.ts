// `ext_offchain_index_*`, and the functions of off-chain workers, of transaction indexing and of tracing.
//
// This host runs no off-chain workers: data that a block writes for them is discarded, and a call of a worker's
// function ends the call into the runtime, as in Substrate outside of a worker. The functions link, because every FRAME
// runtime imports them. Tracing is off.
import type { IntegerType } from '../../vm/index.js';
import { HostCallError } from '../errors.js';
import { define, type Family, type HostFunctionDefinition } from '../host.js';

function outsideWorker(params: readonly IntegerType[], result: IntegerType | undefined): HostFunctionDefinition {
  return define(params, result, () => {
    throw new HostCallError('only an off-chain worker may call this, and this host runs none');
  });
}

export const offchain: Family = {
  // Arguments are read also where nothing comes of them: one that lies outside of the memory ends the call.
  ext_offchain_index_set_version_1: define(['i64', 'i64'], undefined, (host, key, value) => {
    host.view(key, 'key');
    host.view(value, 'value');
  }),
  ext_offchain_index_clear_version_1: define(['i64'], undefined, (host, key) => {
    host.view(key, 'key');
  }),

  /**
   * Which parts of an extrinsic an archive node indexes by hash. Not part of the state; this host has no such index.
   */
  ext_transaction_index_index_version_1: define(['i32', 'i32', 'i32'], undefined, (host, _extrinsic, _size, hash) => {
    host.viewAt(hash, 32, 'context_hash');
  }),
  ext_transaction_index_renew_version_1: define(['i32', 'i32'], undefined, (host, _extrinsic, hash) => {
    host.viewAt(hash, 32, 'context_hash');
  }),

  ext_wasm_tracing_enabled_version_1: define(['i64'], 'i32', () => 0),
  ext_wasm_tracing_enter_span_version_1: define(['i64'], 'i64', () => 0n),
  ext_wasm_tracing_event_version_1: define(['i64'], undefined, () => undefined),
  ext_wasm_tracing_exit_version_1: define(['i64'], undefined, () => undefined),

  ext_offchain_is_validator_version_1: outsideWorker([], 'i32'),
  ext_offchain_submit_transaction_version_1: outsideWorker(['i64'], 'i64'),
  ext_offchain_network_state_version_1: outsideWorker([], 'i64'),
  ext_offchain_timestamp_version_1: outsideWorker([], 'i64'),
  ext_offchain_sleep_until_version_1: outsideWorker(['i64'], undefined),
  ext_offchain_random_seed_version_1: outsideWorker([], 'i32'),
  ext_offchain_local_storage_set_version_1: outsideWorker(['i32', 'i64', 'i64'], undefined),
  ext_offchain_local_storage_clear_version_1: outsideWorker(['i32', 'i64'], undefined),
  ext_offchain_local_storage_compare_and_set_version_1: outsideWorker(['i32', 'i64', 'i64', 'i64'], 'i32'),
  ext_offchain_local_storage_get_version_1: outsideWorker(['i32', 'i64'], 'i64'),
  ext_offchain_http_request_start_version_1: outsideWorker(['i64', 'i64', 'i64'], 'i64'),
  ext_offchain_http_request_add_header_version_1: outsideWorker(['i32', 'i64', 'i64'], 'i64'),
  ext_offchain_http_request_write_body_version_1: outsideWorker(['i32', 'i64', 'i64'], 'i64'),
  ext_offchain_http_response_wait_version_1: outsideWorker(['i64', 'i64'], 'i64'),
  ext_offchain_http_response_headers_version_1: outsideWorker(['i32'], 'i64'),
  ext_offchain_http_response_read_body_version_1: outsideWorker(['i32', 'i64', 'i64'], 'i64'),
  ext_offchain_set_authorized_nodes_version_1: outsideWorker(['i64', 'i32'], undefined),
};
