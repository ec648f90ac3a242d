// The types of RFC-0031 with their limits. No state and no host functions, so that guests can use them.
export * from './authorizer';
export * from './join-answer';
export * from './limits';
export * from './outcome';
export * from './package';
export * from './package-results';
export * from './report';
export * from './weights';
