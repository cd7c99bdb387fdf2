/** What is not believed: an answer or a webhook whose signature does not hold. */
export class Unbelieved extends Error {}

/** A request, as far as it is signed. The address is absolute. */
export interface SignedRequest {
  method: string;
  url: string;
  body?: Uint8Array;
  /** application/json unless it says otherwise. */
  contentType?: string;
}

/** What a request is signed with. */
export interface Signing {
  /** Such as nets#1. */
  keyId: string;
  key: CryptoKey;
  /** Seconds since 1970. */
  created: number;
  /** Never the same twice with one key. */
  nonce: string;
}

/** Reads a private key as a key file has it: hansa_seed_ and base64. */
export function privateKey(text: string): Promise<CryptoKey>;

/** Reads a public key: 32 bytes in base64. */
export function publicKey(text: string): Promise<CryptoKey>;

/** Returns the fields that make a request a signed one. */
export function signRequest(request: SignedRequest, signing: Signing): Promise<Record<string, string>>;

/**
 * Verifies an answer to a request, whose headers are those that were sent. It throws an
 * Unbelieved unless the network has signed this answer to this very request.
 */
export function verifyAnswer(
  answer: { status: number; headers: Headers; body: Uint8Array },
  request: SignedRequest & { headers: Record<string, string> },
  keys: Record<string, CryptoKey>,
  now: number,
): Promise<void>;

/** Verifies a webhook by the keys of the network. It throws an Unbelieved. */
export function verifyWebhook(headers: Headers, body: Uint8Array, keys: CryptoKey[], now: number): Promise<void>;

/** The Content-Digest of a body. */
export function digest(body: Uint8Array): Promise<string>;
