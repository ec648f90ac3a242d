// The types of RFC-0031 with their limits: no state, no host functions, so that guests can use them too.
export * from './authorizer';
export * from './join-answer';
export * from './limits';
export * from './outcome';
export * from './package';
export * from './package-results';
export * from './report';
export * from './weights';
