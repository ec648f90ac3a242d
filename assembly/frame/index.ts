// What pallets are built from. The decorators are declared in compiler/decorators.d.ts.
export * from './dispatch';
export * from './weights';
export * from './origin';
export * from './call';
export * from './storage-item';
export * from './storage-version';
export * from './storage-value';
export * from './storage-map';
export * from './storage-double-map';
export * from './generated';
export * from './inherent';
