// Reads the symbols that TestCorpusIsWritten wrote, with zxing-wasm:
//
//   mkdir ../symbols && HANSA_SYMBOLS=$(realpath ../symbols) go test -count=1 -run CorpusIsWritten ./qr/symbol
//   cp qr/symbol/testdata/read.mjs ../symbols && cd ../symbols && npm install zxing-wasm@3.1.4 && node read.mjs
//
// It says how many hold exactly the bytes that were written, and shows the rest.
import { readFileSync } from "node:fs";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

// Without this it would fetch the file from elsewhere.
prepareZXingModule({ overrides: { wasmBinary: readFileSync("node_modules/zxing-wasm/dist/reader/zxing_reader.wasm") } });
const formats = ["QRCode", "Code128"];
let read = 0, wrong = 0;
for (const line of readFileSync("symbols.jsonl", "utf8").trim().split("\n")) {
  const { file, kind, hex, charset } = JSON.parse(line);
  const found = await readBarcodes(readFileSync(file), { formats, textMode: "Plain" });
  const bytes = Buffer.from(hex, "hex");
  const text = bytes.toString(charset === 3 ? "latin1" : "utf8").replace(/^\uFEFF/, ""); // The reader's text has no byte order mark.
  const guessed = charset === 0 && bytes.some((b) => b > 127); // no text without a character set
  const right = found.length === 1 && bytes.equals(Buffer.from(found[0].bytes)) && (guessed || found[0].text === text);
  right ? read++ : wrong++;
  if (!right) console.log(file, kind, found.map((f) => f.text));
}
console.log(`${read} read, ${wrong} not`);
process.exit(wrong > 0 ? 1 : 0);
