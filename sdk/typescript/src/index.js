export { again, Hansa, Refused } from './hansa.js';
export { digest, privateKey, publicKey, signRequest, Unbelieved, verifyAnswer, verifyWebhook } from './signature.js';
