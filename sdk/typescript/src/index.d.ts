export { again, Hansa, Refused } from './hansa.js';
export type { Config, Options, StreamEvent } from './hansa.js';
export type * from './messages.js';
export { digest, privateKey, publicKey, signRequest, Unbelieved, verifyAnswer, verifyWebhook } from './signature.js';
export type { SignedRequest, Signing } from './signature.js';
