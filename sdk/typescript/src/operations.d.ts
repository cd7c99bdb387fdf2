// Written by tools/typescript from the OpenAPI document. Do not edit.

import type * as messages from './messages.js';
import type { Options, StreamEvent } from './hansa.js';

/** One method for each operation. An error is a Refused, which is final, or a fault. */
export class Operations {
  /** Ask whether the switch can read its journal. */
  health(options?: Options): Promise<{
    status: 'ok';
  }>;

  /** Read this document. */
  openAPI(options?: Options): Promise<Record<string, unknown>>;

  /** Say that the payer has accepted a quote. */
  accept(body: messages.Accept, options?: Options): Promise<messages.Accepted>;

  /** Say that a payer of a wallet that debits first has scanned a code. */
  announce(body: messages.Announce, options?: Options): Promise<messages.Announced>;

  /** Let a technical service provider act for a principal, or take that back. */
  authorise(provider: string, body: messages.Authorise, options?: Options): Promise<messages.Authority>;

  /** Read the keys by which codes of this network are believed. The request needs no signature; check that of the answer. Poll them at least once a day, with `If-None-Match`: a key is published a day before it signs, unless there is a hurry. `docs/codes.md` says how codes are judged by them. */
  readCodeKeys(parameters?: {
    /** The `ETag` of the keys that you have. */
    'If-None-Match'?: string;
  }, options?: Options): Promise<messages.CodeKeys | null>;

  /** Read the rules by which a wallet tells whose a scanned code is. The rules need no signature and change rarely: poll them at least once a day, with `If-None-Match`. `docs/qr.md` says how they are applied. A rule whose form you do not know matches nothing. */
  readCodeRules(parameters?: {
    /** The `ETag` of the rules that you have. */
    'If-None-Match'?: string;
  }, options?: Options): Promise<messages.CodeRules | null>;

  /** Read the participant's part of the journal, in its order. With `Accept: text/event-stream` the answer is a stream that goes on: each server-sent event has the cursor as its id, the type as its name and the event as its data. `Last-Event-ID` takes the place of `after`. */
  listEvents(parameters?: {
    'Last-Event-ID'?: messages.Cursor;
    /** Only what follows this cursor. Absent means from the beginning. */
    after?: messages.Cursor;
    /** Items of a page. */
    limit?: number;
  }, options?: Options): Promise<{
    items: Array<messages.Event>;
    next?: messages.Cursor;
  }>;

  /** Read a capture, release, refund or cancel. */
  readMovement(movement: string, options?: Options): Promise<messages.Movement>;

  /** Read the receipt of a movement that has succeeded. */
  readMovementReceipt(movement: string, options?: Options): Promise<messages.Receipt>;

  /** Stop what a participant may start, or let it go on. */
  suspend(body: messages.Suspend, options?: Options): Promise<messages.Suspension>;

  /** Open an order that any wallet may pay once. */
  makeOrder(body: messages.MakeOrder, options?: Options): Promise<messages.Order>;

  /** Read an order, or wait until it is paid, closed or expired. */
  readOrder(order: string, parameters?: {
    /** Seconds to wait for an end. Then the answer says how it stands. */
    wait?: number;
  }, options?: Options): Promise<messages.Order>;

  /** Close an order that is not paid. */
  cancelOrder(order: string, body: messages.Change, options?: Options): Promise<messages.Order>;

  /** Fetch payment codes to show. */
  fetchCodes(body: messages.FetchCodes, options?: Options): Promise<messages.PaymentCodes>;

  /** List the participant's payments, oldest first. */
  listPayments(parameters?: {
    /** The member `next` of the page before. */
    after?: messages.ID;
    /** Whose side to take, for a participant that is several. An acquirer unless it says otherwise. An acquiring partner names a `store` of its portfolio. */
    as?: 'wallet' | 'acquirer' | 'acquiring_partner';
    /** Items of a page. */
    limit?: number;
    status?: messages.PaymentStatus;
    store?: messages.ID;
  }, options?: Options): Promise<{
    items: Array<messages.Payment>;
    next?: messages.ID;
  }>;

  /** Be paid by the payer whose code the till scanned. Waits for the outcome, and answers with the payment as it stands. If it is pending, read it or listen. */
  askPayment(body: messages.AskPayment, parameters?: {
    /** Seconds to wait for the outcome. */
    wait?: number;
  }, options?: Options): Promise<messages.Payment>;

  /** Read a payment, or wait for its outcome. */
  readPayment(reference: string, parameters?: {
    /** Seconds to wait for an end. Then the answer says how it stands. */
    wait?: number;
  }, options?: Options): Promise<messages.Payment>;

  /** Stop a payment, or give all of it back within 24 hours. */
  cancelPayment(reference: string, body: messages.Change, options?: Options): Promise<messages.Cancelled>;

  /** Take a part of what was authorised. */
  capture(reference: string, body: messages.MoveMoney, options?: Options): Promise<messages.Movement>;

  /** Hear of a payment until it is decided. Server-sent events named `payment`, each with the payment as data. The stream ends with the outcome. */
  streamPayment(reference: string, options?: Options): AsyncGenerator<StreamEvent, void, void>;

  /** List captures, releases, refunds and cancels of a payment, oldest first. */
  listMovements(reference: string, options?: Options): Promise<{
    items: Array<messages.Movement>;
  }>;

  /** Say that the payer was debited, or declined. Repeat it until it is acknowledged. The acknowledgement means received; only `approved` lets the wallet show paid. */
  tellOutcome(reference: string, body: messages.TellOutcome, options?: Options): Promise<messages.OutcomeHeard>;

  /** Read the receipt of an approved payment. */
  readReceipt(reference: string, options?: Options): Promise<messages.Receipt>;

  /** Give back a part of what was captured. */
  refund(reference: string, body: messages.MoveMoney, options?: Options): Promise<messages.Movement>;

  /** Give up what was authorised and not captured. */
  release(reference: string, body: messages.Change, options?: Options): Promise<messages.Movement>;

  /** Price what the payer typed at a printed code. */
  askQuote(body: messages.AskQuote, options?: Options): Promise<messages.Quote>;

  /** Publish an FX provider's standing rates. */
  publishRates(body: messages.PublishRates, options?: Options): Promise<messages.PublishedRates>;

  /** Ask what a scanned code leads to. */
  resolve(body: messages.Resolve, options?: Options): Promise<messages.Resolution>;

  /** List the codes that the acquirer had issued to a store. */
  listStoreCodes(parameters: {
    store: messages.ID;
  }, options?: Options): Promise<{
    items: Array<messages.StoreCode>;
  }>;

  /** Issue the next code of the acquirer's range to a store. */
  issueStoreCode(body: messages.IssueStoreCode, options?: Options): Promise<messages.StoreCode>;

  /** Withdraw a printed code. */
  revokeStoreCode(code: string, body: messages.Change, options?: Options): Promise<messages.StoreCode>;

  /** Read a store of the acquirer. */
  readStore(store: string, options?: Options): Promise<messages.Store>;

  /** Read how the posting of the participant's events goes. */
  readWebhook(options?: Options): Promise<messages.Webhook>;

  /** Say where the participant's events are posted. */
  setWebhook(body: messages.SetWebhook, options?: Options): Promise<messages.Webhook>;

  /** Hear all events after a cursor again. */
  replayWebhook(body: messages.ReplayEvents, options?: Options): Promise<messages.Webhook>;
}
