// Makes the twelve calls that the official library of Vipps MobilePay has for tokens, payments and webhooks, against a
// demo of Hansa, and writes what each was answered as a line of JSON. Visitors from China pay with Alipay: one because
// the merchant has scanned her code, one because the payment is approved by force.
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { Client } from "@vippsmobilepay/sdk";

const { origin, vipps } = JSON.parse(readFileSync(process.env.HANSA_CREDENTIALS, "utf8"));
const client = Client({
  merchantSerialNumber: vipps.merchant_serial_number,
  subscriptionKey: vipps.subscription_key,
  useTestMode: true,
  retryRequests: true,
  systemName: "acme",
  systemVersion: "3.1.2",
  pluginName: "acme-pos",
  pluginVersion: "4.5.6",
});

async function call(name, asked) {
  const answer = await asked;
  const said = answer.ok ? { data: answer.data } : { error: answer.error instanceof Error ? answer.error.message : answer.error };
  console.log(JSON.stringify({ call: name, ok: answer.ok, ...said }));
  return answer.data;
}

// sandbox asks the demo for what a payer does.
async function sandbox(path) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${process.env.HANSA_SANDBOX ?? origin}/sandbox${path}`, { method: "POST", headers, body: "{}" });
  return answer.json();
}

const { payer } = await sandbox("/wallets/alipay/payers");
const { code } = await sandbox(`/wallets/alipay/payers/${payer}/codes`);

const amount = (value) => ({ currency: "NOK", value });
const sale = { amount: amount(1000), paymentMethod: { type: "WALLET" }, customerInteraction: "CUSTOMER_PRESENT" };
const shown = `acme-shop-${randomUUID()}`;
const scanned = `acme-shop-${randomUUID()}`;

const { access_token: token } = await call("getToken", client.auth.getToken(vipps.client_id, vipps.client_secret));
await call("create", client.payment.create(token, {
  ...sale,
  reference: shown,
  userFlow: "QR",
  qrFormat: { format: "TEXT/TARGETURL" },
  paymentDescription: "Two pairs of socks",
  returnUrl: "https://example.com/r",
}));
await call("create scanned", client.payment.create(token, {
  ...sale,
  reference: scanned,
  userFlow: "PUSH_MESSAGE",
  customer: { personalQr: code },
}));
await call("forceApprove", client.payment.forceApprove(token, shown, { customer: { phoneNumber: "4791234567" } }));
await call("info", client.payment.info(token, scanned));
await call("capture", client.payment.capture(token, shown, { modificationAmount: amount(600) }));
await call("refund", client.payment.refund(token, shown, { modificationAmount: amount(100) }));
await call("cancel", client.payment.cancel(token, shown));
await call("history", client.payment.history(token, shown));
const webhook = await call("register", client.webhook.register(token, {
  url: "https://example.com/wh",
  events: ["epayments.payment.authorized.v1", "epayments.payment.captured.v1"],
}));
await call("list", client.webhook.list(token));
await call("delete", client.webhook.delete(token, webhook.id));
