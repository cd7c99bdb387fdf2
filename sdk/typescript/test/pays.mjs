// Pays in a network, as its acquirer and as its wallet: it is given what the two are
// configured with, as JSON, and prints what has happened, a line for each step.
import { Hansa, Refused } from '../src/index.js';

const { url, networkKeys, till, wallet, store, terminal, payer } = JSON.parse(process.argv[2]);
const acquirer = await Hansa.open({ url, networkKeys, ...till });
const vipps = await Hansa.open({ url, networkKeys, ...wallet });
const id = () => crypto.randomUUID();
const amount = (value) => ({ value, currency: 'NOK' });

const order = await acquirer.makeOrder({ request_id: id(), amount: amount(34950), store, terminal, order_reference: 'table-4' });
console.log('order', order.status);
const found = await vipps.resolve({ request_id: id(), code: order.code });
console.log('resolved', found.kind, found.payee.name);
const { quote } = found;
const accepted = await vipps.accept({
  request_id: id(), quote: quote.quote, payer, order_amount: quote.order_amount, debit_amount: quote.debit_amount, payee: quote.payee.store,
});
const heard = await vipps.tellOutcome(accepted.payment.reference, {
  status: 'PAID', order_amount: quote.order_amount, debit_amount: quote.debit_amount, payee: quote.payee.store,
});
console.log('told', heard.status);
console.log('order', (await acquirer.readOrder(order.order, { wait: 20 })).status);

const { codes } = await vipps.fetchCodes({ request_id: id(), payer, count: 1 });
const ask = { request_id: id(), code: codes[0].code, amount: amount(4200), store, terminal, order_reference: 'table-5' };
const asked = await acquirer.askPayment(ask, { wait: 0 });
const payment = await acquirer.awaitPayment(asked.reference);
console.log('paid', payment.status, payment.order_amount.value, (await acquirer.askPayment(ask)).reference === payment.reference);
try {
  await acquirer.refund(payment.reference, { request_id: id(), amount: amount(4201) });
} catch (error) {
  console.log('refused', error instanceof Refused, error.reason);
}
for await (const told of acquirer.streamPayment(payment.reference)) console.log('stream', told.event, told.data.status);
const rules = await vipps.readCodeRules();
console.log('rules', rules.rules.length > 0, await vipps.readCodeRules({ 'If-None-Match': `"${rules.version}"` }));
let events = 0;
for await (const event of vipps.events()) {
  events++;
  if (event.type === 'payment.approved' && event.payment.reference === payment.reference) break;
}
console.log('events', events);
setTimeout(() => acquirer.makeOrder({ request_id: id(), amount: amount(100), store, terminal, order_reference: 'table-6' }), 50);
let last = '';
for await (const event of acquirer.events()) {
  last = event.type;
  if (event.order && event.type === 'order.open' && event.order !== order.order) break;
}
console.log('heard', last);
