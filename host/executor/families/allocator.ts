// `ext_allocator_*`: the runtime's heap (allocator.ts of the parent folder).
import { define, type Family } from '../host.js';

export const allocator: Family = {
  ext_allocator_malloc_version_1: define(['i32'], 'i32', (host, size) => host.allocate(size >>> 0)),

  ext_allocator_free_version_1: define(['i32'], undefined, (host, pointer) =>
    host.heap.free(host.memory, pointer >>> 0),
  ),
};
