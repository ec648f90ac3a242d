// Files and folders that a user names or that another program may have changed: read without blocking, made without
// following what the system makes up, and refused in a sentence.
export { makeFolder } from './folder.js';
export { FileRefused, readRegularFile } from './read.js';
export { freeBytes, isSystemError, reasonOf } from './reason.js';
