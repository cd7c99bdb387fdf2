import type { Event, Payment, Problem, Reason } from './messages.js';
import { Operations } from './operations.js';
import { Unbelieved } from './signature.js';

/** What a client is made of. The participant and the network agree on the first four. */
export interface Config {
  /** By which the network is known, such as https://pay.example, without a final slash. */
  url: string;
  /** Of the key, such as nets#1. */
  keyId: string;
  /** As a key file has it, or as WebCrypto keeps it. */
  key: string | CryptoKey;
  /** Those that sign answers and webhooks, in base64, by their ids, such as hansa#1. */
  networkKeys: Record<string, string>;
  /** Another fetch than that of the platform. */
  fetch?: typeof globalThis.fetch;
}

/** How a call is made. */
export interface Options {
  /** Gives up. */
  signal?: AbortSignal;
  /** Milliseconds for all attempts; a minute unless it says otherwise. */
  within?: number;
}

/** What a stream tells. It is not signed: read the payment before you act on it. */
export interface StreamEvent {
  id: string;
  event: string;
  data: unknown;
}

/** A final no of the network. */
export class Refused extends Error {
  readonly problem: Problem;
  readonly reason: Reason;
  /** Seconds that another attempt should wait. */
  readonly retryAfter: number;
}

/** Whether the same request, signed anew, is worth sending after an error. */
export function again(error: unknown): boolean;

/**
 * The network, called in the name of one participant. A call is sent until it is answered,
 * refused for good (Refused), or its time is over; after any other error the same message
 * may be sent again with the same request id.
 */
export class Hansa extends Operations {
  private constructor();

  static open(config: Config): Promise<Hansa>;

  /** Reads a payment until it is decided. */
  awaitPayment(reference: string, options?: Options): Promise<Payment>;

  /** All events after a cursor, and then each that comes. Keep the cursor of each that was worked through. */
  events(after?: string, options?: Options): AsyncGenerator<Event, void, void>;

  /** Reads the event of a webhook and verifies that the network has posted it. The id is the same at every retry. */
  hearEvent(request: Request): Promise<{ id: string; event: Event }>;
}

export { Unbelieved };
