// A reader of Hansa's payment codes in JavaScript, written from docs/codes.md alone, without a look at package qr: it shows that the page is
// enough, and holds the page and the vectors to each other. Section numbers are those of the page. It needs Node 20 and nothing else.
//   read(text, directory, now) -> { kind, fields, finding, warnings }
//   node reader.mjs check CODES.json BAD_CODES.json DIRECTORY.json
// text       a string, or the bytes as scanned (Uint8Array)
// directory  an object of the form of directory.json; each part may be missing
// now        milliseconds or anything that new Date() takes
// fields     a list of {place, name, value}, in the order of the text; null for codes that are none of ours
// A refused code has a finding {name, place}, the first error, and neither kind nor fields.
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OWN = 'org.hansa';
const ID36 = /^[A-Za-z0-9_-]{1,36}$/, ID20 = /^[A-Za-z0-9_-]{1,20}$/, BASE64URL = /^[A-Za-z0-9_-]*$/;
const between = (id, low, high) => id >= low && id <= high; // ids are two digits, so they compare as text
const isAccount = id => between(id, '26', '51');
const isTemplate = id => isAccount(id) || ['62', '64', '80', '81'].includes(id);
const isOwn = value => value !== undefined && /^org\.hansa$/i.test(value);

const ownOf = objects => objects.filter(o => isAccount(o.id) && isOwn(inside(o.chars, '00')));

class Refusal { constructor(name, place = '') { this.name = name; this.place = place; } }
const refuse = (name, place) => { throw new Refusal(name, place); };

export function read(text, directory = {}, now = Date.now()) {
  const warnings = [];
  try {
    const result = judge(text, openDirectory(directory ?? {}), new Date(now).getTime(), warnings);
    return { ...result, finding: null, warnings };
  } catch (finding) {
    if (!(finding instanceof Refusal)) throw finding;
    return { kind: null, fields: null, finding: { name: finding.name, place: finding.place }, warnings };
  }
}

function judge(text, directory, now, warnings) {
  const scanned = characters(text), chars = strip(scanned);
  const payment = paymentCode(textOf(scanned));
  if (payment) return payment;
  const { objects } = sequence(chars);
  if (ownOf(objects).length === 0) return foreign(chars, objects, directory); // 4.5
  const code = form(chars);                       // 1
  code.fields = fieldsOf(code.objects);
  const our = content(code, ownOf(code.objects));            // 2, section 2
  const signature = signatureForm(code);                     // 2, section 3
  for (const f of code.fields) if (mixedScripts(f.value)) warnings.push({ name: 'mixed_scripts', place: f.place });
  if (!directory.keys) {
    warnings.push({ name: 'signature_unverified', place: '80' });
    return { kind: our.kind, fields: our.fields };
  }
  const key = judgeKey(our, directory, now);                 // 3
  judgeSignature(our, key, signature);                       // 4
  if (our.kind === 'hansa/store') judgeRegistration(our, key, directory); // 5
  judgeNames(our, directory, warnings);                      // 6
  if (our.kind === 'hansa/order') judgeTime(our, now);       // 7
  return { kind: our.kind, fields: our.fields };
}

// ---- the text as characters: {text, bytes}; a byte that is no UTF-8 is one character without text -----------------------

function characters(text) {
  if (typeof text === 'string') {
    return [...text].map(c => c.isWellFormed() ? { text: c, bytes: Buffer.from(c) } : { text: '\uFFFD', bytes: Buffer.from(c), bad: true });
  }
  const bytes = Buffer.from(text), strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), list = [];
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at], size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const part = bytes.subarray(at, at + size);
    try {
      list.push({ text: strict.decode(part), bytes: part });
      at += size;
    } catch {
      list.push({ text: '\uFFFD', bytes: bytes.subarray(at, at + 1), bad: true });
      at += 1;
    }
  }
  return list;
}

function strip(chars) {
  let from = chars[0]?.text === '\uFEFF' ? 1 : 0, to = chars.length;
  while (to > from && [' ', '\r', '\n'].includes(chars[to - 1].text)) to--;
  return chars.slice(from, to);
}

const textOf = chars => chars.map(c => c.text).join('');
const bytesOf = chars => Buffer.concat(chars.map(c => c.bytes));
const asBytes = chars => [...bytesOf(chars)].map(b => ({ text: String.fromCharCode(b), bytes: Buffer.of(b) }));
const isAscii = chars => chars.every(c => !c.bad && c.text <= '\x7F');

// ---- section 1: EMVCo text ---------------------------------------------------------------------------------------------

// A sequence of objects {id, place, start, chars}, with the first error of its form.
function sequence(chars, parent = '') {
  const objects = [], within = id => parent ? `${parent}.${id}` : id;
  const stop = (name, place) => ({ objects, error: new Refusal(name, place) });
  for (let at = 0; at < chars.length;) {
    const head = textOf(chars.slice(at, at + 4)), id = head.slice(0, 2), length = head.slice(2);
    if (bytesOf(chars.slice(at, at + 4)).length < 4) return stop('too_short', parent);
    if (!/^[0-9]{2}$/.test(id)) return stop('format', parent);
    if (!/^[0-9]{2}$/.test(length)) return stop('format', within(id));
    const end = at + 4 + Number(length);
    if (end > chars.length) return stop('too_short', within(id));
    objects.push({ id, place: within(id), start: at, chars: chars.slice(at + 4, end) });
    at = end;
  }
  return { objects };
}

// The value of the only object with that id among the first objects of a template.
function inside(chars, id) {
  const found = sequence(chars).objects.filter(o => o.id === id);
  return found.length === 1 ? textOf(found[0].chars) : undefined;
}

// The place of length_in_bytes, if the text consists of objects with lengths in bytes and ends in a right checksum.
function bytesCounted(chars) {
  const bytes = asBytes(chars), { objects, error } = sequence(bytes), last = objects.at(-1);
  if (isAscii(chars) || error || last?.id !== '63' || !checksumFits(bytes, last)) return undefined;
  return objects.find(o => !isAscii(o.chars)).place;
}

const checksumFits = (chars, last) => /^[0-9A-Fa-f]{4}$/.test(textOf(last.chars)) &&
  crc(bytesOf(chars.slice(0, last.start + 4))) === parseInt(textOf(last.chars), 16);

function form(chars) {
  if (chars.length > 512) refuse('too_long');
  const { objects, error } = sequence(chars), last = objects.at(-1);
  if (error || last?.id !== '63') {
    const place = bytesCounted(chars);
    if (place) refuse('length_in_bytes', place);
  }
  if (error && last?.id === '63' && bytesOf(last.chars).length === 4) refuse('trailing', '63');
  if (error) throw error;
  for (const o of objects.filter(o => isTemplate(o.id))) {
    const parts = sequence(o.chars, o.place);
    if (parts.error && (o.id === '80' || o.id === '81')) refuse('format', o.place);
    if (parts.error) throw parts.error;
    o.parts = parts.objects;
  }
  const all = objects.flatMap(o => [o, ...(o.parts ?? [])]);
  const values = new Map();
  for (const o of all) {
    o.value = textOf(o.chars);
    if (!values.has(o.place)) values.set(o.place, o.value);
  }
  const code = { chars, objects, value: place => values.get(place), has: place => values.has(place) };

  for (const o of all) if (o.chars.length === 0) refuse('empty', o.place);
  const seen = new Set();
  for (const o of all) seen.has(o.place) ? refuse('twice', o.place) : seen.add(o.place);
  for (const id of ['00', '53', '58', '63', '52', '59', '60']) if (!code.has(id)) refuse('missing', id);
  for (const o of objects) {
    if ((isAccount(o.id) || o.id === '80' || o.id === '81') && !code.has(`${o.id}.00`)) refuse('missing', `${o.id}.00`);
  }
  if (code.has('64')) for (const place of ['64.00', '64.01']) if (!code.has(place)) refuse('missing', place);
  if (objects[0].id !== '00') refuse('misplaced', '00');
  if (last.id !== '63') refuse('misplaced', '63');
  if (!/^[0-9A-Fa-f]{4}$/.test(last.value)) refuse('format', '63');
  if (!checksumFits(chars, last)) refuse('checksum', '63');
  for (const o of leavesOf(objects)) {
    if (o.chars.some(c => c.bad)) refuse('not_utf8', o.place);
    const value = textOf(o.chars);
    if (hasHidden(value)) refuse('hidden_text', o.place);
    if (value.normalize('NFC') !== value) refuse('not_composed', o.place);
  }
  checkValues(code);
  return code;
}

function checkValues(code) {
  const { value, has } = code;
  const must = (pattern, ...places) => { for (const p of places) if (has(p) && !pattern.test(value(p))) refuse('format', p); };
  must(/^[0-9]{2}$/, '00', '01', '55');
  if (value('00') !== '01') refuse('reserved', '00');
  if (has('01') && !/^1[12]$/.test(value('01'))) refuse('reserved', '01');
  if (has('55') && !/^0[123]$/.test(value('55'))) refuse('reserved', '55');
  for (const o of code.objects.find(o => o.id === '64')?.parts ?? []) if (o.id > '02') refuse('reserved', o.place);
  must(/^[0-9]{4}$/, '52');
  must(/^[0-9]{3}$/, '53');
  must(/^(?=.*[1-9])(?=.{1,5}$)0*[0-9]{1,2}(\.[0-9]{0,2})?$/, '57');
  must(/^[A-Z]{2}$/, '58');
  must(/^(?!.*(.).*\1)[AME]+$/, '62.09');
  const decimals = CURRENCIES.get(value('53'));
  if (decimals === undefined) refuse('unknown_currency', '53');
  const amounts = ['54', '56'].filter(has);
  for (const p of amounts) {
    if (!/^(?=.{1,13}$)[0-9]+(\.[0-9]*)?$/.test(value(p))) refuse('amount_format', p);
    if (!/[1-9]/.test(value(p))) refuse('amount_zero', p);
  }
  for (const p of amounts) if ((value(p).split('.')[1] ?? '').length > decimals) refuse('amount_scale', p);
  for (const [p, tip] of [['56', '02'], ['57', '03']]) {
    if (!has(p) && value('55') === tip) refuse('missing', p);
    if (has(p) && value('55') !== tip) refuse('contradiction', p);
  }
  for (const p of ['59', '60', '64.00']) if (has(p) && !/^[\x20-\x7E]*$/.test(value(p))) refuse('not_ascii', p);
  for (const [p, most] of [['59', 25], ['60', 15], ['64.01', 25], ['64.02', 15]]) {
    if (has(p) && [...value(p)].length > most) refuse('too_long', p);
  }
}

function crc(bytes) {
  let sum = 0xFFFF;
  for (const b of bytes) {
    sum ^= b << 8;
    for (let i = 0; i < 8; i++) sum = (sum & 0x8000 ? sum << 1 ^ 0x1021 : sum << 1) & 0xFFFF;
  }
  return sum;
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]/u;
const JOINING = new RegExp(`^[${['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil',
  'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Tibetan', 'Myanmar', 'Khmer', 'Balinese', 'Javanese', 'Sundanese']
  .map(s => `\\p{Script=${s}}`).join('')}]$`, 'u');
const MARK = /^\p{M}$/u, SYMBOL = /^(?!\p{ASCII})[\p{So}\p{Sm}]$/u, SKIN = /^[\u{1F3FB}-\u{1F3FF}]$/u;
const HAN = /^\p{Script=Han}$/u, MONGOLIAN = /^\p{Script=Mongolian}$/u;

function hasHidden(text) {
  const list = [...text];
  return list.some((c, i) => HIDDEN.test(c) && !hasWork(c, list[i - 1] ?? '', list[i + 1] ?? ''));
}

function hasWork(c, before, after) {
  if (c === '\u200C' || c === '\u200D') {
    if (JOINING.test(before) && (JOINING.test(after) || MARK.test(before))) return true;
    return (SYMBOL.test(before) || SKIN.test(before) || before === '\uFE0F') && SYMBOL.test(after);
  }
  if (!/^\p{Variation_Selector}$/u.test(c)) return false;
  if (MONGOLIAN.test(c)) return MONGOLIAN.test(before);
  if (c !== '\uFE0E' && c !== '\uFE0F') return HAN.test(before);
  return SYMBOL.test(before) || SKIN.test(before) || /^[\u203C\u2049\u3030\u2139]$/.test(before) || (/^[0-9#*]$/.test(before) && after === '\u20E3');
}

// ---- section 2: store code and order code ------------------------------------------------------------------------------

function content(code, own) {
  if (own.length > 1) refuse('own_template_twice', own[1].place);
  const at = id => `${own[0].id}.${id}`, part = id => code.value(at(id)), { value, has } = code;
  for (const o of own[0].parts) if (between(o.id, '05', '49')) refuse('critical_unknown', o.place);
  const order = has(at('02'));
  if (order && has(at('01'))) refuse('contradiction', at('02'));
  if (!order && !has(at('01'))) refuse('missing', at('01'));
  const idAt = order ? at('02') : at('01');
  if (!ID36.test(value(idAt))) refuse('format', idAt);
  if (!order && has(at('03'))) refuse('contradiction', at('03'));
  if (order && !has(at('03'))) refuse('missing', at('03'));
  const expires = order ? time(part('03')) : undefined;
  if (order && expires === undefined) refuse('format', at('03'));
  if (!has(at('04'))) refuse('signature_missing', at('04'));
  if (!ID20.test(part('04'))) refuse('format', at('04'));
  if (!has('01')) refuse('missing', '01');
  if (value('01') !== (order ? '12' : '11')) refuse('contradiction', '01');
  if (!order && has('54')) refuse('amount_with_store_code', '54');
  if (order && !has('54')) refuse('missing', '54');
  const decimals = CURRENCIES.get(value('53'));
  const exact = new RegExp(`^(0|[1-9][0-9]*)${decimals ? `\\.[0-9]{${decimals}}` : ''}$`);
  if (order && !exact.test(value('54'))) refuse('amount_format', '54');
  for (const p of ['55', '56', '57']) if (has(p)) refuse('tip_added', p);
  if (has('64') && !/^[a-z]{2}$/.test(value('64.00'))) refuse('format', '64.00');
  for (const p of ['59', '60', '64.01', '64.02']) if (has(p) && /^\s*$/u.test(value(p))) refuse('empty', p);
  return { kind: order ? 'hansa/order' : 'hansa/store', code, at, idAt, id: value(idAt), key: part('04'), expires, fields: code.fields };
}

const NAMES = { '00': 'payload_format', '01': 'initiation', 52: 'category', 53: 'currency', 54: 'amount', 55: 'tip_indicator', 56: 'fixed_fee',
  57: 'percentage_fee', 58: 'country', 59: 'name', 60: 'city', 61: 'postal_code', 63: 'checksum', '64.00': 'language', '64.01': 'local_name',
  '64.02': 'local_city', '62.01': 'bill_number', '62.02': 'mobile_number', '62.03': 'store_label', '62.04': 'loyalty_number',
  '62.05': 'reference_label', '62.06': 'customer_label', '62.07': 'terminal_label', '62.08': 'purpose', '62.09': 'consumer_data_request',
  '62.10': 'tax_id', '62.11': 'channel' };
for (const [name, ...ids] of ['visa 02 03', 'mastercard 04 05', 'discover 09 10', 'american_express 11 12', 'jcb 13 14', 'unionpay 15 16',
  'emvco 06 07 08 17 18 19 20 21 22 23 24 25'].map(line => line.split(' '))) for (const id of ids) NAMES[id] = name;
const OWN_NAMES = { '01': 'store_code', '02': 'order', '03': 'expires_at', '04': 'key' };
const SIGNATURE_NAMES = { '80.01': 'signature_first_half', '81.01': 'signature_second_half' };
const mayHoldObjects = place => /^(2[6-9]|3.|4.|5[01]|6[24]|[89].|62\.[5-9].)$/.test(place);

// The objects that are no templates, at any depth, in the order of the text.
function leavesOf(objects) {
  return objects.flatMap(o => {
    const { objects: parts, error } = mayHoldObjects(o.place) ? sequence(o.chars, o.place) : { error: true };
    return error ? [o] : leavesOf(parts);
  });
}

function fieldsOf(objects) {
  const ours = new Set(ownOf(objects).map(o => o.id));
  return leavesOf(objects).map(({ place, chars }) => {
    const [root, id] = place.split('.');
    let name = NAMES[place] ?? (/^[89].$/.test(place) ? 'unreserved' : /^62\.[5-9].$/.test(place) ? 'payment_system' : '');
    if (mayHoldObjects(place.slice(0, -3)) && place.endsWith('.00') && root !== '64' && place.slice(0, -3) !== '62') name = 'globally_unique_identifier';
    else if (ours.has(root)) name = OWN_NAMES[id] ?? '';
    else name = SIGNATURE_NAMES[place] ?? name;
    return { place, name, value: textOf(chars) };
  });
}

function time(text) {
  const m = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})$/.exec(text);
  if (!m || m[1] < '2000') return undefined;
  const iso = `${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}.000Z`, when = new Date(iso);
  return !isNaN(when) && when.toISOString() === iso ? when.getTime() : undefined;
}

// ---- section 3: the signature ------------------------------------------------------------------------------------------

function signatureForm(code) {
  const { objects } = code, ours = id => objects.findIndex(o => o.id === id && isOwn(inside(o.chars, '00')));
  const first = ours('80'), second = ours('81');
  if (first < 0) refuse('signature_missing', '80');
  if (second < 0) refuse('signature_missing', '81');
  if (second < first) refuse('signature_form', '81');
  const odd = objects.slice(first + 1).find(o => o.id !== '81' && o.id !== '63');
  if (odd) refuse('signature_form', odd.place);
  const prefix = `0009${OWN}0143`;
  const texts = [objects[first], objects[second]].map(o => {
    if (!o.value.startsWith(prefix) || o.chars.length !== prefix.length + 43) refuse('signature_form', o.place);
    const text = o.value.slice(prefix.length);
    if (!BASE64URL.test(text)) refuse('signature_form', `${o.place}.01`);
    return text;
  });
  const text = texts.join(''), bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) refuse('signature_form', '81.01');
  const signed = Buffer.concat([Buffer.from('hansa code 1\n'), bytesOf(code.chars.slice(0, objects[first].start))]);
  return { bytes, signed };
}

const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const number = bytes => BigInt('0x' + Buffer.from(bytes).reverse().toString('hex'));
const SMALL_ORDER = new Set([0n, 1n, P - 1n,
  number(Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex')),
  number(Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex'))]);

// Whether x² = (y² - 1) / (d·y² + 1) has a root, as Euler's criterion tells.
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
function isPoint(key) {
  const square = (number(key) & (2n ** 255n - 1n)) ** 2n % P;
  let power = 1n, base = (square - 1n + P) * (D * square + 1n) % P;
  for (let n = (P - 1n) / 2n; n > 0n; n >>= 1n, base = base * base % P) if (n & 1n) power = power * base % P;
  return power !== P - 1n;
}

function judgeSignature(our, key, { bytes, signed }) {
  if (!isPoint(key.public)) refuse('key_weak', our.at('04'));
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.public]);
  const good = number(bytes.subarray(32)) < L && verify(null, signed, createPublicKey({ key: spki, format: 'der', type: 'spki' }), bytes);
  if (!good) refuse('signature_wrong', '80');
}

// ---- section 4: the directory ------------------------------------------------------------------------------------------

// Currencies stand in it in letters, in a code in digits.
function openDirectory({ keys, store_codes: stores, always_signed: alwaysSigned }) {
  const byId = (list, id) => list && new Map(list.map(entry => [entry[id], entry]));
  const second = text => text === undefined ? undefined : Date.parse(text);
  return {
    keys: byId(keys?.map(k => ({ ...k, public: Buffer.from(k.public_key, 'hex'), from: second(k.not_before), until: second(k.not_after) })), 'id'),
    stores: byId(stores?.map(s => ({ ...s, currency: s.currency && NUMBERS.get(s.currency) })), 'code'),
    alwaysSigned: alwaysSigned ?? [],
  };
}

function judgeKey(our, directory, now) {
  const place = our.at('04'), key = directory.keys.get(our.key);
  if (!key) refuse('key_unknown', place);
  const y = number(key.public) & (2n ** 255n - 1n);
  if (key.public.length !== 32 || y >= P || SMALL_ORDER.has(y)) refuse('key_weak', place);
  if (key.withdrawn) refuse('key_withdrawn', place);
  if (key.from !== undefined && now < key.from) refuse('key_not_yet_valid', place);
  if (key.until !== undefined && now >= key.until) refuse('key_retired', place);
  return key;
}

function judgeRegistration(our, key, directory) {
  if (!directory.stores) return;
  const store = directory.stores.get(our.id);
  if (!store) refuse('not_registered', our.idAt);
  if (store.issuer !== undefined && store.issuer !== key.issuer) refuse('key_of_other_issuer', our.at('04'));
  if (store.withdrawn) refuse('withdrawn', our.idAt);
  if (store.currency !== undefined && store.currency !== our.code.value('53')) refuse('currency_differs', '53');
  if (store.country !== undefined && store.country !== our.code.value('58')) refuse('country_differs', '58');
}

const LATIN = new Map();
for (const pair of `æ ae Æ Ae ø o Ø O œ oe Œ Oe ß ss ẞ SS ð d Ð D þ th Þ Th đ d Đ D ł l Ł L ħ h Ħ H ı i ŋ ng Ŋ Ng ŧ t Ŧ T ĸ q ſ s ə a Ə A
  ĳ ij Ĳ IJ ŀ l Ŀ L ŉ 'n ɓ b Ɓ B ɗ d Ɗ D ƙ k Ƙ K ‘ ' ’ ' ‚ ' ‹ ' › ' “ " ” " „ " « " » " ‐ - ‑ - – - — - … ... · .`.matchAll(/(\S+)\s+(\S+)/g)) LATIN.set(pair[1], pair[2]);
for (const space of '\u00A0\u202F') LATIN.set(space, ' ');

// The Latin form, which a text has only if it is printable ASCII then.
function latin(text) {
  const form = [...text.normalize('NFD').replace(/\p{Mn}/gu, '')].map(c => LATIN.get(c) ?? c).join('');
  return /^[\x20-\x7E]+$/.test(form) ? form : undefined;
}

const BELONGS = /^[\p{M}\u200C\u200D\u{1F3FB}-\u{1F3FF}]$/u;
function cut(text, most) {
  const list = [...text];
  let end = Math.min(most, list.length);
  while (end > 0 && end < list.length && (BELONGS.test(list[end]) || list[end - 1] === '\u200D')) end--;
  return list.slice(0, end).join('').trimEnd();
}
const printedForms = (name, most) => [name, latin(name)].filter(f => f !== undefined).map(f => cut(f, most));

// Node folds case as simple case folding does where a pattern has the flags i and u.
const equalFold = (a, b) => new RegExp(`^${a.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`, 'iu').test(b);

const LOOKS = new Map();
for (const line of `
  C c K k O o P p S s U u V v W vv X x Y y Z z 0 o I l 1 l | l m rn w vv
  а a е e һ h і i ј j к k ӏ l о o р p с c ѕ s у y х x ѵ v ԁ d ԛ q ԝ w в B м M н H т T
  А A В B Е E І I Ј J К K М M Н H О O Р P С C Ѕ S Т T У Y Х X Ѵ V Ԛ Q Ԝ W
  α a ε e ι i κ k ν v ο o ρ p τ T υ u χ x
  Α A Β B Ε E Ζ Z Η H Ι I Κ K Μ M Ν N Ο O Ρ P Τ T Υ Y Χ X`.trim().split('\n')) {
  for (const [, c, looks] of line.matchAll(/(\S+) (\S+)/g)) LOOKS.set(c, [...looks].map(l => LOOKS.get(l) ?? l).join(''));
}
const capitals = text => [...text].map(c => [...c.toUpperCase()].length === 1 ? c.toUpperCase() : c).join('');
const skeleton = text => [...text.normalize('NFKD')].filter(c => !HIDDEN.test(c) || /\s/.test(c)).map(c => LOOKS.get(c) ?? c).join('')
  .replace(/\s+/gu, ' ').trim();
const lookAlike = (a, b) => a === b || skeleton(a) === skeleton(b) || skeleton(capitals(a)) === skeleton(capitals(b));

const equalsOne = (text, names, most) => names.some(n => printedForms(n, most).some(f => equalFold(f, text)));
const likeOne = (text, names, most) => names.some(n => [n, ...printedForms(n, most)].some(f => lookAlike(f, text)));

function judgeNames(our, directory, warnings) {
  const mine = our.kind === 'hansa/store' ? directory.stores?.get(our.id) : undefined;
  const every = [...directory.stores?.values() ?? []].flatMap(s => s.names ?? []);
  for (const [place, what, most] of [['59', 'names', 25], ['60', 'cities', 15], ['64.01', 'names', 25], ['64.02', 'cities', 15]]) {
    const text = our.code.value(place), registered = mine?.[what] ?? [];
    if (text === undefined || equalsOne(text, registered, most)) continue;
    if (likeOne(text, registered, most)) refuse('look_alike', place);
    const isOne = registered.length === 0 && equalsOne(text, every, most);
    if (what === 'names' && !isOne && likeOne(text, every, most)) refuse('look_alike', place);
    if (registered.length > 0) warnings.push({ name: 'name_differs', place });
  }
}

const SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Lisu', 'Canadian_Aboriginal'].map(s => new RegExp(`\\p{Script=${s}}`, 'u'));
const mixedScripts = text => (text.match(/[\p{L}\p{M}\p{Nd}\p{Cf}'’]+/gu) ?? [])
  .some(word => SCRIPTS.filter(script => (word.match(/\p{L}/gu) ?? []).some(letter => script.test(letter))).length > 1);

function judgeTime(our, now) {
  if (now >= our.expires) refuse('expired', our.at('03'));
  if (our.expires > now + (24 * 60 + 1) * 60_000) refuse('expires_too_late', our.at('03'));
}

// ---- section 4.5: texts that are none of ours ----------------------------------------------------------------------------

const folded = account => account.replaceAll(' ', '').toUpperCase();
const listed = (directory, kind, value) => directory.alwaysSigned.some(a => a.kind === kind && folded(a.account) === folded(value));

function foreign(chars, objects, directory) {
  const text = textOf(chars);
  if (!text.startsWith('0002')) return otherText(text, directory);
  const fields = fieldsOf(objects);
  const left = fields.find(f => /^[89].\.00$/.test(f.place) && isOwn(f.value));
  if (left) refuse('downgraded', left.place);
  const isPix = fields.some(f => /^..\.00$/.test(f.place) && isAccount(f.place.slice(0, 2)) && f.value.toLowerCase() === 'br.gov.bcb.pix');
  const account = isPix && fields.find(f => listed(directory, 'mpm/pix', f.value));
  if (account) refuse('downgraded', account.place);
  return { kind: isPix ? 'mpm/pix' : 'mpm/emvco', fields: null };
}

// This reader knows the outer form of two other kinds, and judges neither.
function otherText(text, directory) {
  const lines = text.split(/\r?\n/);
  if (lines[0] === 'BCD') {
    if (listed(directory, 'epc069-12', lines[6] ?? '')) refuse('downgraded', 'line 7');
    return { kind: 'epc069-12', fields: null };
  }
  const merchant = /^https:\/\/qr\.vipps\.no\/28\/2\/05\/031\/([0-9]+)$/.exec(text)?.[1];
  if (merchant) {
    if (listed(directory, 'url/vipps/merchant', merchant)) refuse('downgraded', 'path');
    return { kind: 'url/vipps/merchant', fields: null };
  }
  return refuse('unknown');
}

// ---- section 5: payment code ---------------------------------------------------------------------------------------------

const DAMM = ['0317598642', '7092154863', '4206871359', '1750983426', '6123045978', '3674209581', '5869720134', '8945362017', '9438617205', '2581436790'];

function paymentCode(text) {
  const digits = text.replace(/^[ \t\r\n\uFEFF]+|[ \t\r\n\uFEFF]+$/g, '').replace(/[ \u00A0\u202F]/g, '');
  if (Buffer.byteLength(text) > 96 || !/^70[0-9]{22}$/.test(digits)) return undefined;
  if ([...digits].reduce((interim, d) => Number(DAMM[interim][d]), 0) !== 0) refuse('checksum', 'digit 24');
  if (digits[6] !== '1') refuse('reserved', 'digit 7');
  return { kind: 'hansa/payment', fields: [
    { place: '', name: 'payment_code', value: digits },
    { place: 'digits 1-6', name: 'issuer', value: digits.slice(0, 6) },
    { place: 'digit 7', name: 'type', value: digits[6] },
  ] };
}

// ---- currencies in use, with their decimals -------------------------------------------------------------------------------

const CURRENCIES = new Map(), NUMBERS = new Map();
for (const { code, number, decimals } of JSON.parse(readFileSync(new URL('../currencies.json', import.meta.url), 'utf8'))) {
  CURRENCIES.set(number, decimals);
  NUMBERS.set(code, number);
}

// ---- the command line --------------------------------------------------------------------------------------------------

function check(codesFile, badFile, directoryFile) {
  const [{ codes }, bad, directory] = [codesFile, badFile, directoryFile].map(f => JSON.parse(readFileSync(f, 'utf8')));
  const readOne = c => read(c.hex ? Buffer.from(c.hex, 'hex') : c.text, c.without_directory ? undefined : directory, directory.now);
  const show = ({ kind, fields, finding, place, warnings }) => JSON.stringify({ kind, finding, place, warnings, fields });
  const count = (title, list, passes) => {
    const wrong = list.filter(c => !passes(c, readOne(c)));
    for (const c of wrong) console.log(`DIFFERS  ${c.name}: ${show(c)}\n         ${show(readOne(c))}`);
    console.log(`${title}: ${list.length - wrong.length} of ${list.length}`);
    return wrong.length;
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const fields = list => list?.map(f => [f.place, f.name, f.value]) ?? null;
  const warnings = list => (list ?? []).map(w => `${w.place} ${w.finding ?? w.name}`).sort();
  const differing = count('codes read, with kind, warnings and fields', codes,
    (c, r) => !r.finding && r.kind === c.kind && same(fields(r.fields), fields(c.fields)) && same(warnings(r.warnings), warnings(c.warnings)))
    + count('bad codes refused, with finding and place', bad, (c, r) => r.finding?.name === c.finding && r.finding.place === c.place);
  return differing ? 1 : 0;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [command, ...files] = process.argv.slice(2);
  if (command === 'check' && files.length === 3) process.exitCode = check(...files);
  else {
    console.error('usage: node reader.mjs check CODES.json BAD_CODES.json DIRECTORY.json');
    process.exitCode = 2;
  }
}
