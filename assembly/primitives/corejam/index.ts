// The types of RFC-0031 with their limits: no state, no host functions, so that guests can use them too.
export * from './limits';
export * from './package';
export * from './report';
export * from './authorizer';
export * from './weights';
export * from './join-answer';
