// Child processes for work that may never end. Each runs one job at a time, and is killed if it takes too long or too
// much memory.
//
// It knows nothing of what a job does. Exported as `corejam/processes` for use on its own.
export { JobFailed, JobKilled, Pool, type PoolOptions } from './pool.js';
