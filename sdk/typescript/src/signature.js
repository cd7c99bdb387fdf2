// Signatures of the network: HTTP message signatures (RFC 9421) by Ed25519, content
// digests (RFC 9530) and Standard Webhooks, with what browsers and Node both have.

const tag = 'hansa-v1';
const label = 'hansa';
const ageMax = 300; // seconds since a signature was created
const aheadMax = 30; // seconds that it may lie in the future
const webhookTolerance = 300; // seconds, both ways
const utf8 = new TextEncoder();

/** What is not believed: an answer or a webhook whose signature does not hold. */
export class Unbelieved extends Error {
  name = 'Unbelieved';
}

/** Reads a private key as a key file has it: hansa_seed_ and base64. */
export function privateKey(text) {
  const seed = text.trim().match(/^hansa_seed_([A-Za-z0-9+/]{43}=)$/);
  if (!seed) throw new TypeError('a seed is hansa_seed_ and 32 bytes in base64');
  const prefix = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]; // of PKCS #8
  return crypto.subtle.importKey('pkcs8', new Uint8Array([...prefix, ...fromBase64(seed[1])]), 'Ed25519', false, ['sign']);
}

/** Reads a public key: 32 bytes in base64. */
export function publicKey(text) {
  return crypto.subtle.importKey('raw', fromBase64(text.trim()), 'Ed25519', true, ['verify']);
}

/** Returns the fields that make a request a signed one. */
export async function signRequest(request, signing) {
  const header = {};
  const components = ['"@method"', '"@target-uri"'];
  if (request.body?.length > 0) {
    header['content-type'] = request.contentType ?? 'application/json';
    header['content-digest'] = await digest(request.body);
    components.push('"content-type"', '"content-digest"');
  }
  const input = `(${components.join(' ')});created=${signing.created};keyid="${plain(signing.keyId)}"` +
    `;nonce="${plain(signing.nonce)}";tag="${tag}"`;
  const parts = components.map((text) => ({ text, name: text.slice(1, -1), of: '' }));
  const base = baseOf(parts, input, (part) => valueOf(part.name, request, new Headers(header)));
  const signature = await crypto.subtle.sign('Ed25519', signing.key, utf8.encode(base));
  header['signature-input'] = `${label}=${input}`;
  header.signature = `${label}=:${toBase64(signature)}:`;
  return header;
}

/**
 * Verifies an answer to a request, whose header is the one that was sent. It throws an
 * Unbelieved unless the network has signed this answer to this very request.
 */
export async function verifyAnswer(answer, request, keys, now) {
  const { parts, input, params, signature } = readSignature(answer.headers);
  const sent = new Headers(request.headers);
  const age = now - params.created;
  if (age > ageMax || age < -aheadMax || (params.expires !== undefined && now > params.expires)) {
    throw new Unbelieved('the signature is too old or too new');
  }
  if (answer.headers.get('content-digest') !== (await digest(answer.body))) throw new Unbelieved('the digest differs from the body');
  const needed = ['"@status"', '"content-digest"', '"@method";req', '"@target-uri";req', `"signature";req;key="${label}"`];
  if (answer.body.length > 0) needed.push('"content-type"');
  for (const text of needed) {
    if (!parts.some((part) => part.text === text)) throw new Unbelieved(`${text} is not covered`);
  }
  const key = keys[params.keyid];
  if (!Object.hasOwn(keys, params.keyid) || !key) throw new Unbelieved('the key is unknown');
  const base = baseOf(parts, input, (part) => {
    if (part.of === 'request') return valueOf(part.name, request, sent);
    if (part.of === 'signature') return sent.get('signature').slice(label.length + 1);
    if (part.name === '@status') return String(answer.status);
    if (part.name.startsWith('@')) throw new Unbelieved(`an answer has no ${part.name}`);
    return field(part.name, answer.headers);
  });
  if (!(await crypto.subtle.verify('Ed25519', key, signature, utf8.encode(base)))) {
    throw new Unbelieved('the signature does not hold');
  }
}

/** Verifies a webhook by the keys of the network. It throws an Unbelieved. */
export async function verifyWebhook(headers, body, keys, now) {
  const id = headers.get('webhook-id');
  const timestamp = headers.get('webhook-timestamp');
  const signatures = (headers.get('webhook-signature') ?? '').split(' ').filter(Boolean);
  if (!id || id.length > 128 || id.includes('.') || !/^(0|[1-9][0-9]{0,14})$/.test(timestamp ?? '') || signatures.length > 8) {
    throw new Unbelieved('the fields of the webhook are not in form');
  }
  if (Math.abs(now - Number(timestamp)) > webhookTolerance) throw new Unbelieved('the webhook is too old or too new');
  const start = utf8.encode(`${id}.${timestamp}.`);
  const content = new Uint8Array(start.length + body.length);
  content.set(start);
  content.set(body, start.length);
  for (const text of signatures) {
    const encoded = text.match(/^v1a,([A-Za-z0-9+/]+={0,2})$/);
    if (!encoded) continue;
    for (const key of keys) {
      if (await crypto.subtle.verify('Ed25519', key, fromBase64(encoded[1]), content)) return;
    }
  }
  throw new Unbelieved('no signature by a key of the network');
}

/** The Content-Digest of a body. */
export async function digest(body) {
  return `sha-256=:${toBase64(await crypto.subtle.digest('SHA-256', body))}:`;
}

// readSignature reads the two fields, which have one text for one meaning.
function readSignature(headers) {
  const input = (headers.get('signature-input') ?? '').match(/^([a-z*][a-z0-9_.*-]*)=(\((.*?)\)((?:;[a-z]+=(?:"[^"\\]*"|-?[0-9]{1,15}))*))$/);
  const signature = (headers.get('signature') ?? '').match(/^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]+={0,2}):$/);
  if (!input || !signature || input[1] !== signature[1]) throw new Unbelieved('no signature in canonical form');
  const params = {};
  for (const [, name, text, number] of input[4].matchAll(/;([a-z]+)=(?:"([^"\\]*)"|(-?[0-9]+))/g)) {
    const isTime = name === 'created' || name === 'expires';
    const known = isTime || ['keyid', 'nonce', 'tag', 'alg'].includes(name);
    if (!known || isTime !== (number !== undefined) || Object.hasOwn(params, name)) throw new Unbelieved(`parameter ${name} is not in form`);
    params[name] = isTime ? Number(number) : text;
  }
  if (params.tag !== tag || params.created === undefined || !params.keyid || (params.alg ?? 'ed25519') !== 'ed25519') {
    throw new Unbelieved('the parameters are not those of the network');
  }
  return { parts: componentsOf(input[3]), input: input[2], params, signature: fromBase64(signature[2]) };
}

// componentsOf reads what a signature of an answer covers.
function componentsOf(list) {
  return list.split(' ').map((text, i, all) => {
    const part = text.match(/^"([a-z@-]+)"(;req(;key="([^"\\]*)")?)?$/);
    if (!part || all.indexOf(text) !== i || (part[3] && (part[1] !== 'signature' || part[4] !== label))) {
      throw new Unbelieved(`component ${text} is not supported`);
    }
    let of = '';
    if (part[2]) of = part[3] ? 'signature' : 'request';
    return { text, name: part[1], of };
  });
}

// baseOf is what is signed.
function baseOf(parts, input, value) {
  const lines = parts.map((part) => {
    const text = value(part);
    if (!/^[\t -~]*$/.test(text)) throw new Unbelieved(`the value of ${part.text} is not plain text`);
    return `${part.text}: ${text}`;
  });
  return [...lines, `"@signature-params": ${input}`].join('\n');
}

// valueOf is a component of a request.
function valueOf(name, request, headers) {
  if (name === '@method') return request.method;
  if (name === '@target-uri') return new URL(request.url).href;
  if (name.startsWith('@')) throw new Unbelieved(`component ${name} is not supported`);
  return field(name, headers);
}

function field(name, headers) {
  const value = headers.get(name);
  if (value === null) throw new Unbelieved(`covered field ${name} is missing`);
  return value;
}

function plain(text) {
  if (!/^[ !#-[\]-~]+$/.test(text)) throw new TypeError(`${text} is not plain text`);
  return text;
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
