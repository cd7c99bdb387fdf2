// Written by tools/typescript from the OpenAPI document. Do not edit.

/** The amounts and the payee are what the payer saw. */
export interface Accept {
  debit_amount: Amount;
  order_amount: Amount;
  /** The store's id. */
  payee: string;
  /** The wallet's own token for its user. */
  payer: string;
  quote: ID;
  request_id: RequestID;
}

export interface Accepted {
  /** Reserve it: the store captures it later. */
  capture_later?: boolean;
  debit_before: Time;
  payment: Payment;
}

export interface Amount {
  currency: Currency;
  /** Whole minor units. */
  value: number;
}

export interface Announce {
  amount?: Payable;
  /** The text of the symbol. */
  code: string;
  /** The wallet's own token for its user. */
  payer: string;
  request_id: RequestID;
}

export interface Announced {
  /** Reserve it: the store captures it later. */
  capture_later?: boolean;
  expires_at: Time;
  payment: Payment;
  quote: Quote;
}

export interface AskPayment {
  amount: Payable;
  capture_later?: boolean;
  /** As scanned or typed. */
  code: string;
  /** At most one payment of it is approved or undecided. */
  order_reference: string;
  /** Of a split bill. */
  part?: number;
  request_id: RequestID;
  store: ID;
  terminal: ID;
}

export interface AskQuote {
  amount: Payable;
  /** The text of the symbol. */
  code: string;
  request_id: RequestID;
}

export interface Authorise {
  principal?: ID;
  request_id: RequestID;
  suspended: boolean;
}

export interface Authority {
  principal: ID;
  provider: ID;
  suspended: boolean;
}

export interface Cancelled {
  movement?: Movement;
  payment: Payment;
}

/** ISO 18245. */
export type Category = string;

export interface Change {
  request_id: RequestID;
}

export interface CodeKey {
  believed_from?: Time;
  believed_until?: Time;
  /** As object 04 of our template names it. */
  id: string;
  /** Ed25519, 32 bytes in base64. */
  public_key: string;
}

export interface CodeKeys {
  keys: Array<CodeKey>;
  /** Another one whenever a key changes. */
  version: string;
}

/** By which outer form a text belongs to its kinds. A rule has exactly one of the four forms. */
export type CodeRule = {
  /** Nothing but ASCII digits. */
  digits: {
    /** Ascending. */
    lengths: Array<number>;
    prefix: string;
    /** Lengths of the same owner that are not in use. */
    reserved?: Array<number>;
  };
  /** The form does not tell them apart; the first is the likeliest. */
  kinds: Array<string>;
} | {
  /** An EMVCo code with an account of the scheme; without a member, every EMVCo code. */
  emvco: {
    /** Object 58. */
    country?: string;
    /** Object 53. */
    currency?: string;
    /** The first object in which the account may stand. */
    first?: number;
    /** Object 00 of the template, compared without case. A star at the end stands for any rest. */
    guid?: string;
    /** An object that the template must have, and how its value must start. */
    holds?: {
      id: number;
      start?: string;
    };
    /** The last one. */
    last?: number;
    /** The code as a whole is of this scheme; the other schemes in it are guests. */
    whole?: boolean;
  };
  /** The form does not tell them apart; the first is the likeliest. */
  kinds: Array<string>;
} | {
  /** The form does not tell them apart; the first is the likeliest. */
  kinds: Array<string>;
  /** A link, compared without case. */
  link: {
    /** The whole authority of the link. Without it, any. */
    host?: string;
    /** How the path starts. */
    path?: string;
    scheme: string;
  };
} | {
  /** The form does not tell them apart; the first is the likeliest. */
  kinds: Array<string>;
  /** A literal start, of which case matters. */
  start: {
    /** The start is the whole first line. */
    line?: boolean;
    text: string;
  };
};

export interface CodeRules {
  rules: Array<CodeRule>;
  /** Another one whenever a rule changes. */
  version: string;
}

/** ISO 3166-1 alpha-2. */
export type Country = string;

/** ISO 4217. */
export type Currency = string;

/** A place in the journal. Do not look into it. */
export type Cursor = string;

export interface Event {
  at: Time;
  cursor: Cursor;
  movement?: Movement;
  /** Id of the order, if the event is about one. */
  order?: string;
  payment?: Payment;
  /** Within the payment, from 1 without a gap in the journal. 0 for an order. */
  sequence: number;
  type: 'payment.pending' | 'payment.approved' | 'payment.declined' | 'payment.expired' | 'payment.cancelled' | 'payment.late_paid' | 'payment.reversed' | 'payment.contradicted' | 'capture.made' | 'capture.released' | 'refund.pending' | 'refund.succeeded' | 'refund.failed' | 'order.open' | 'order.held' | 'order.paid' | 'order.closed' | 'order.expired';
}

export interface FetchCodes {
  count: number;
  /** The wallet's own token for its user. */
  payer: string;
  request_id: RequestID;
}

export type ID = string;

export interface IssueStoreCode {
  request_id: RequestID;
  store: ID;
}

export interface MakeOrder {
  amount: Payable;
  /** What a wallet accepts is reserved, and captured by the till. */
  capture_later?: boolean;
  /** Seconds. */
  expires_in?: number;
  /** At most one payment of it is approved or undecided. */
  order_reference: string;
  /** Of a split bill. */
  part?: number;
  request_id: RequestID;
  store: ID;
  terminal: ID;
}

/** cpm is a code that the payer shows, static a printed one, dynamic one for a single order. */
export type Mode = 'cpm' | 'static' | 'dynamic';

export interface MoveMoney {
  amount: Payable;
  request_id: RequestID;
}

export interface Movement {
  changed_at: Time;
  created_at: Time;
  debit_amount: Amount;
  kind: 'capture' | 'release' | 'refund' | 'cancel';
  movement: ID;
  order_amount: Amount;
  payment: ID;
  reason?: Reason;
  status: 'pending' | 'succeeded' | 'failed';
}

export interface Order {
  amount: Amount;
  /** The text to show as a symbol. */
  code: string;
  created_at: Time;
  expires_at: Time;
  order: ID;
  order_reference?: string;
  payment?: ID;
  status: 'open' | 'held' | 'paid' | 'closed' | 'expired';
  store: ID;
  terminal?: ID;
}

export interface OutcomeHeard {
  received: true;
  reference: ID;
  status: PaymentStatus;
}

export interface Payable {
  currency: Currency;
  /** Whole minor units. */
  value: number;
}

/** The store as registered. A wallet shows this and nothing that was printed in a code. */
export interface Payee {
  category: Category;
  city: string;
  country: Country;
  name: string;
  store: ID;
}

export interface Payment {
  acquirer: ID;
  branch: ID;
  created_at: Time;
  debit_amount: Amount;
  mode: Mode;
  order?: ID;
  order_amount: Amount;
  order_reference?: string;
  outcome_at?: Time;
  /** The acquirer's own token for the payer. Wallets do not see it. */
  payer?: string;
  pending_reason?: 'asking_wallet' | 'awaiting_payer' | 'resolving';
  rate: RateOrNone;
  reason?: Reason;
  reference: ID;
  status: PaymentStatus;
  store: ID;
  terminal?: ID;
  wallet: ID;
}

export interface PaymentCodes {
  codes: Array<{
    code: string;
    expires_at: Time;
  }>;
}

/** pending, then one of the others for ever. */
export type PaymentStatus = 'pending' | 'approved' | 'declined' | 'expired' | 'cancelled';

export interface Problem {
  detail?: string;
  instance?: string;
  reason: Reason;
  retry: 'never' | 'same_request' | 'new_request';
  status: number;
  title: string;
  type: string;
}

export interface PublishRates {
  rates: Array<StandingRate>;
  request_id: RequestID;
}

export interface PublishedRates {
  provider: ID;
  rates: Array<StandingRate>;
}

export interface Quote {
  debit_amount: Amount;
  expires_at: Time;
  fee: Amount;
  /** Over the published reference rate. */
  markup_basis_points?: number;
  order: ID;
  order_amount: Amount;
  payee: Payee;
  quote: ID;
  rate: RateOrNone;
}

/** One base costs so many quote. */
export interface Rate {
  base: Currency;
  quote: Currency;
  value: string;
}

/** Null where nothing is converted. */
export type RateOrNone = Rate | null;

/** Stable for ever. New ones may come. */
export type Reason = 'malformed' | 'unknown_field' | 'too_large' | 'invalid_amount' | 'invalid_scale' | 'unknown_currency' | 'currency_mismatch' | 'invalid_name' | 'not_found' | 'method_not_allowed' | 'unsupported_media' | 'unsigned' | 'bad_signature' | 'unknown_key' | 'signature_expired' | 'replayed' | 'role_missing' | 'suspended' | 'too_many_requests' | 'overloaded' | 'unavailable' | 'request_id_reused' | 'order_reference_taken' | 'customer_inconsistent' | 'not_allowed_now' | 'refund_too_large' | 'capture_too_large' | 'cancel_too_late' | 'consent_mismatch' | 'code_unknown' | 'code_used' | 'code_expired' | 'code_revoked' | 'code_invalid' | 'acquirer_silent' | 'order_not_open' | 'order_paid' | 'order_expired' | 'quote_used' | 'quote_expired' | 'use_till_code' | 'too_many_misses' | 'payment_declined' | 'payment_expired' | 'payment_cancelled' | 'declined_by_payer' | 'insufficient_funds' | 'wallet_limit' | 'payer_blocked' | 'market_not_active' | 'not_accepted' | 'store_closed' | 'amount_too_large' | 'amount_too_small' | 'cap_exceeded' | 'rate_unavailable' | 'rate_stale' | 'rate_out_of_bounds' | 'out_of_range' | 'already_exists' | 'range_exhausted' | 'agreement_missing' | 'internal' | (string & {});

export interface Receipt {
  acquirer: ID;
  at: Time;
  debit_amount: Amount;
  fee: Amount;
  kind: 'payment' | 'capture' | 'release' | 'refund' | 'cancel';
  merchant: string;
  mode: Mode;
  order_amount: Amount;
  order_reference?: string;
  payment: ID;
  rate: RateOrNone;
  reference: ID;
  status: 'approved' | 'succeeded';
  store: Payee;
  terminal?: ID;
  wallet: ID;
}

export interface ReplayEvents {
  after?: Cursor;
  request_id: RequestID;
}

export type RequestID = string;

export interface Resolution {
  currency: Currency;
  kind: 'store' | 'order';
  largest?: Amount;
  payee: Payee;
  quote?: Quote;
  smallest?: Amount;
}

export interface Resolve {
  /** The text of the symbol. */
  code: string;
  request_id: RequestID;
}

export interface SetWebhook {
  request_id: RequestID;
  /** An https address; empty for none. */
  url: string;
}

export interface StandingRate {
  /** Basis points. */
  closed_spread: number;
  next_publication: Time;
  published_at: Time;
  rate: Rate;
  /** Basis points. */
  spread: number;
}

export interface Store {
  category: Category;
  city: string;
  contracts: Array<{
    branch: ID;
    from: Time;
    partner?: string;
    until?: Time;
    wallets?: Array<ID>;
  }>;
  country: Country;
  currency: Currency;
  merchant: ID;
  name: string;
  store: ID;
  suspended: boolean;
}

export interface StoreCode {
  acquirer: ID;
  code: ID;
  issued_at: Time;
  revoked_at?: Time;
  store: ID;
  /** To print as a symbol. */
  text: string;
}

export interface Suspend {
  participant: ID;
  request_id: RequestID;
  /** Absent for all. */
  role?: string;
  suspended: boolean;
}

export interface Suspension {
  participant: ID;
  /** Absent for all. */
  role?: string;
  suspended: boolean;
}

/** A yes repeats exactly what the wallet was asked. */
export interface TellOutcome {
  debit_amount: Amount;
  order_amount: Amount;
  /** The store's id. */
  payee: string;
  /** Why it was declined. */
  reason?: string;
  status: 'PAID' | 'DECLINED';
}

export type Time = string;

export interface Webhook {
  failing_since?: Time;
  /** Of the endpoint, in a row. */
  failures: number;
  next_try_at?: Time;
  parked: Array<{
    cursor: Cursor;
    since: Time;
    /** Reference of the payment, or id of the order. */
    subject: string;
    tries: number;
  }>;
  url: string;
  /** Events that the endpoint refused by themselves and that are tried again. */
  waiting: number;
}
