// Holds the signatures of this package to those of package api: it is given the file with
// what Go has signed, and prints how much it has compared.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { digest, privateKey, publicKey, signRequest, Unbelieved, verifyAnswer, verifyWebhook } from '../src/index.js';

const vectors = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const bytes = (text) => new TextEncoder().encode(text ?? '');
const keyId = vectors.key_id;
const key = await privateKey(vectors.key);
const keys = { [vectors.network_key_id]: await publicKey(vectors.network_key) };
const created = vectors.created;
let compared = 0;

const request = (one) => ({ method: one.method, url: one.url, body: bytes(one.body) });
for (const one of vectors.requests) {
  const got = await signRequest(request(one), { keyId, key, created, nonce: one.nonce });
  assert.deepEqual(got, one.header, one.name);
  compared++;
}
for (const one of vectors.answers) {
  const asked = vectors.requests.find((request) => request.name === one.request);
  const judge = (now, edit = {}, sent = asked) =>
    verifyAnswer(
      { status: one.status, headers: new Headers(one.header), body: bytes(one.body), ...edit },
      { ...request(sent), headers: sent.header }, keys, now,
    );
  const other = vectors.requests.find((request) => request.name !== one.request);
  const without = (name) => {
    const headers = new Headers(one.header);
    headers.delete(name);
    return { headers };
  };
  if (one.believed) {
    await judge(created);
    await judge(created + 300);
    await assert.rejects(judge(created + 301), Unbelieved, `${one.name}: old`);
    await assert.rejects(judge(created - 31), Unbelieved, `${one.name}: of the future`);
    await assert.rejects(judge(created, { status: one.status + 1 }), Unbelieved, `${one.name}: another status`);
    await assert.rejects(judge(created, { body: bytes(`${one.body} `) }), Unbelieved, `${one.name}: another body`);
    await assert.rejects(judge(created, {}, other), Unbelieved, `${one.name}: of another request`);
    for (const name of Object.keys(one.header)) {
      await assert.rejects(judge(created, without(name)), Unbelieved, `${one.name}: without ${name}`);
    }
  } else {
    await assert.rejects(judge(created), Unbelieved, one.name);
  }
  compared++;
}
for (const one of vectors.webhooks) {
  const judge = (now, body = one.body) => verifyWebhook(new Headers(one.header), bytes(body), Object.values(keys), now);
  if (one.believed) {
    await judge(created);
    await assert.rejects(judge(created + 301), Unbelieved, `${one.name}: old`);
    await assert.rejects(judge(created, `${one.body} `), Unbelieved, `${one.name}: another body`);
  } else {
    await assert.rejects(judge(created), Unbelieved, one.name);
  }
  compared++;
}
assert.equal(await digest(bytes('')), 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:');
console.log(`${compared} vectors`);
