// Leads the official library of Vipps MobilePay, which has the addresses of its maker built in, to a demo of Hansa:
//
//   HANSA_CREDENTIALS=hansa-data/credentials.json node --import ./preload.mjs your-program.mjs
//
// Nothing else of a request is changed.
import { readFileSync } from "node:fs";

const { origin } = JSON.parse(readFileSync(process.env.HANSA_CREDENTIALS, "utf8"));
const makers = ["https://api.vipps.no", "https://apitest.vipps.no"];
const send = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (!makers.includes(url.origin)) return send(request);
  return send(new Request(origin + url.pathname + url.search, request));
};
