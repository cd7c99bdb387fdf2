import { Operations } from './operations.js';
import { privateKey, publicKey, signRequest, Unbelieved, verifyAnswer, verifyWebhook } from './signature.js';

const callWithin = 9_000; // ms, for a call that does not wait
const waitedSlack = 5_000; // ms, that the answer to a wait may take beside it
const attemptsWithin = 60_000; // ms, unless the caller says otherwise
const pauseFirst = 250; // ms
const pauseLongest = 10_000; // ms
const silenceMax = 40_000; // ms; a stream says something every 15 seconds
const pageMax = 200; // events

/** A final no of the network. */
export class Refused extends Error {
  name = 'Refused';

  constructor(problem, retryAfter = 0) {
    super(problem.detail ? `${problem.reason}: ${problem.detail}` : problem.reason);
    this.problem = problem;
    this.reason = problem.reason;
    this.retryAfter = retryAfter;
  }
}

/** Whether the same request, signed anew, is worth sending after an error. */
export function again(error) {
  if (error instanceof Refused) return error.problem.retry === 'same_request';
  return !(error instanceof TypeError); // of the caller's: what fetch throws is wrapped
}

/** The network, called in the name of one participant. */
export class Hansa extends Operations {
  #config;

  /** Use Hansa.open. */
  constructor(config) {
    super();
    this.#config = config;
  }

  static async open({ url, keyId, key, networkKeys, fetch = globalThis.fetch }) {
    if (!URL.canParse(url) || url.endsWith('/')) throw new TypeError(`network at ${url}: want an address without a final slash`);
    const keys = {};
    for (const [id, text] of Object.entries(networkKeys)) keys[id] = await publicKey(text);
    return new Hansa({ url, keyId, key: typeof key === 'string' ? await privateKey(key) : key, keys, fetch });
  }

  /** Reads a payment until it is decided. */
  async awaitPayment(reference, options = {}) {
    const end = Date.now() + (options.within ?? attemptsWithin);
    for (;;) {
      const payment = await this.readPayment(reference, { wait: 20 }, { ...options, within: end - Date.now() });
      if (payment.status !== 'pending') return payment;
      if (Date.now() >= end) throw new Error(`payment ${reference} is still pending`);
    }
  }

  /** All events after a cursor, and then each that comes. The stream only rings: what is yielded was signed. */
  async *events(after = '', options = {}) {
    for (;;) {
      options.signal?.throwIfAborted();
      const page = await this.listEvents({ limit: pageMax, ...(after && { after }) }, options);
      yield* page.items;
      const last = page.next ?? page.items.at(-1)?.cursor ?? after;
      if (last !== after) {
        after = last;
        continue;
      }
      try {
        const call = { method: 'GET', path: '/v1/events', parameters: after ? { after } : {}, query: ['after'], header: [] };
        for await (const _ of this.stream(call, options)) break;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!again(error)) throw error;
        await pause(pauseFirst, options.signal);
      }
    }
  }

  /** Reads the event of a webhook, a Request, and verifies that the network has posted it. */
  async hearEvent(request) {
    const body = new Uint8Array(await request.arrayBuffer());
    await verifyWebhook(request.headers, body, Object.values(this.#config.keys), now());
    return { id: request.headers.get('webhook-id'), event: parse(body) };
  }

  /** Makes a call until it is answered, refused for good, or its time is over. */
  async call(call, options = {}) {
    const end = Date.now() + (options.within ?? attemptsWithin);
    const body = call.body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(call.body));
    const wait = Number(call.parameters?.wait ?? (call.query?.includes('wait') ? 6 : 0)) * 1000;
    for (let longest = pauseFirst; ; longest = Math.min(2 * longest, pauseLongest)) {
      try {
        const within = Math.max(1, Math.min(Math.max(callWithin, wait + waitedSlack), end - Date.now()));
        const answer = await this.#open(call, body, [AbortSignal.timeout(within), options.signal], 'application/json');
        return answer.status === 304 ? null : parse(answer.body);
      } catch (error) {
        options.signal?.throwIfAborted();
        const rest = Math.max(longest, error instanceof Refused ? Math.min(error.retryAfter * 1000, pauseLongest) : 0);
        if (!again(error) || Date.now() + rest >= end) throw error;
        await pause(rest, options.signal);
      }
    }
  }

  /** Opens a stream once, and yields what it tells. Only its head is signed. */
  async *stream(call, options = {}) {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), silenceMax);
    try {
      const { stream } = await this.#open(call, undefined, [silence.signal, options.signal], 'text/event-stream');
      let rest = '';
      const decoder = new TextDecoder();
      for await (const bytes of chunks(stream)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), silenceMax);
        const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
        rest = events.pop();
        for (const text of events) {
          const lines = Object.fromEntries(text.split('\n').map((line) => line.split(/: (.*)/s)));
          if (lines.data !== undefined) yield { id: lines.id ?? '', event: lines.event, data: JSON.parse(lines.data) };
        }
      }
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  // #open sends a request and returns its answer, or the stream that it is, once its
  // signature was verified.
  async #open(call, body, signals, accept) {
    const { url: origin, keyId, key, keys, fetch } = this.#config;
    const query = new URLSearchParams();
    for (const name of call.query ?? []) {
      if (call.parameters[name] !== undefined) query.set(name, String(call.parameters[name]));
    }
    const request = { method: call.method, url: origin + call.path + (query.size > 0 ? `?${query}` : ''), body };
    const signed = await signRequest(request, { keyId, key, created: now(), nonce: crypto.randomUUID() });
    const headers = { accept: `${accept}, application/problem+json`, ...signed };
    for (const name of call.header ?? []) {
      if (call.parameters[name] !== undefined) headers[name] = call.parameters[name];
    }
    const signal = AbortSignal.any(signals.filter(Boolean));
    const response = await fetch(request.url, { method: call.method, headers, body, signal, redirect: 'manual', cache: 'no-store' })
      .catch((cause) => {
        throw new Error(`${call.method} ${call.path}: no answer`, { cause });
      });
    const media = response.headers.get('content-type');
    const streams = media === 'text/event-stream';
    const answer = {
      status: response.status, headers: response.headers,
      body: streams ? new Uint8Array() : new Uint8Array(await response.arrayBuffer()),
    };
    await verifyAnswer(answer, { ...request, headers: signed }, keys, now());
    if (media === 'application/problem+json') throw refusalOf(answer);
    if (streams !== (accept === 'text/event-stream')) throw new Error(`answer of type ${media}`);
    if (!response.ok && response.status !== 304) throw new Error(`status ${response.status}`);
    return { ...answer, stream: response.body };
  }
}

function refusalOf(answer) {
  const problem = parse(answer.body);
  if (problem.reason === 'internal') return new Error('a fault on their side');
  return new Refused(problem, Number(answer.headers.get('retry-after')) || 0);
}

function parse(body) {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
}

function now() {
  return Math.floor(Date.now() / 1000);
}

// chunks reads a stream; not every browser can iterate one.
async function* chunks(stream) {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => {}); // Who reads no more needs no more.
  }
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

export { Unbelieved };
