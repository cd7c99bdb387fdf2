// Written by tools/typescript from the OpenAPI document. Do not edit.

/** One method for each operation. What they call is in hansa.js. */
export class Operations {
  health(options = {}) {
    return this.call({ method: 'GET', path: `/healthz` }, options);
  }

  openAPI(options = {}) {
    return this.call({ method: 'GET', path: `/openapi.json` }, options);
  }

  accept(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/accepts`, body }, options);
  }

  announce(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/announcements`, body }, options);
  }

  authorise(provider, body, options = {}) {
    return this.call({ method: 'PUT', path: `/v1/authorities/${encodeURIComponent(provider)}`, body }, options);
  }

  readCodeKeys(parameters = {}, options = {}) {
    return this.call({ method: 'GET', path: `/v1/code-keys`, parameters, query: [], header: ['If-None-Match'] }, options);
  }

  readCodeRules(parameters = {}, options = {}) {
    return this.call({ method: 'GET', path: `/v1/code-rules`, parameters, query: [], header: ['If-None-Match'] }, options);
  }

  listEvents(parameters = {}, options = {}) {
    return this.call({ method: 'GET', path: `/v1/events`, parameters, query: ['limit', 'after'], header: ['Last-Event-ID'] }, options);
  }

  readMovement(movement, options = {}) {
    return this.call({ method: 'GET', path: `/v1/movements/${encodeURIComponent(movement)}` }, options);
  }

  readMovementReceipt(movement, options = {}) {
    return this.call({ method: 'GET', path: `/v1/movements/${encodeURIComponent(movement)}/receipt` }, options);
  }

  suspend(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/operator/suspensions`, body }, options);
  }

  makeOrder(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/orders`, body }, options);
  }

  readOrder(order, parameters = {}, options = {}) {
    return this.call({ method: 'GET', path: `/v1/orders/${encodeURIComponent(order)}`, parameters, query: ['wait'], header: [] }, options);
  }

  cancelOrder(order, body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/orders/${encodeURIComponent(order)}/cancel`, body }, options);
  }

  fetchCodes(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/payment-codes`, body }, options);
  }

  listPayments(parameters = {}, options = {}) {
    return this.call({ method: 'GET', path: `/v1/payments`, parameters, query: ['limit', 'after', 'status', 'store', 'as'], header: [] }, options);
  }

  askPayment(body, parameters = {}, options = {}) {
    return this.call({ method: 'POST', path: `/v1/payments`, body, parameters, query: ['wait'], header: [] }, options);
  }

  readPayment(reference, parameters = {}, options = {}) {
    return this.call({ method: 'GET', path: `/v1/payments/${encodeURIComponent(reference)}`, parameters, query: ['wait'], header: [] }, options);
  }

  cancelPayment(reference, body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/payments/${encodeURIComponent(reference)}/cancel`, body }, options);
  }

  capture(reference, body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/payments/${encodeURIComponent(reference)}/captures`, body }, options);
  }

  streamPayment(reference, options = {}) {
    return this.stream({ method: 'GET', path: `/v1/payments/${encodeURIComponent(reference)}/events` }, options);
  }

  listMovements(reference, options = {}) {
    return this.call({ method: 'GET', path: `/v1/payments/${encodeURIComponent(reference)}/movements` }, options);
  }

  tellOutcome(reference, body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/payments/${encodeURIComponent(reference)}/outcome`, body }, options);
  }

  readReceipt(reference, options = {}) {
    return this.call({ method: 'GET', path: `/v1/payments/${encodeURIComponent(reference)}/receipt` }, options);
  }

  refund(reference, body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/payments/${encodeURIComponent(reference)}/refunds`, body }, options);
  }

  release(reference, body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/payments/${encodeURIComponent(reference)}/release`, body }, options);
  }

  askQuote(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/quotes`, body }, options);
  }

  publishRates(body, options = {}) {
    return this.call({ method: 'PUT', path: `/v1/rates`, body }, options);
  }

  resolve(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/resolve`, body }, options);
  }

  listStoreCodes(parameters = {}, options = {}) {
    return this.call({ method: 'GET', path: `/v1/store-codes`, parameters, query: ['store'], header: [] }, options);
  }

  issueStoreCode(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/store-codes`, body }, options);
  }

  revokeStoreCode(code, body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/store-codes/${encodeURIComponent(code)}/revoke`, body }, options);
  }

  readStore(store, options = {}) {
    return this.call({ method: 'GET', path: `/v1/stores/${encodeURIComponent(store)}` }, options);
  }

  readWebhook(options = {}) {
    return this.call({ method: 'GET', path: `/v1/webhook` }, options);
  }

  setWebhook(body, options = {}) {
    return this.call({ method: 'PUT', path: `/v1/webhook`, body }, options);
  }

  replayWebhook(body, options = {}) {
    return this.call({ method: 'POST', path: `/v1/webhook/replay`, body }, options);
  }
}
