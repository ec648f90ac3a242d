// Timestamp, as other parts of the runtime see it.
export { Timestamp } from './timestamp';
