// An emulator of Google's calendars over HTTPS, as the JSON of the first argument fills it.
import { readFileSync } from "node:fs";
import { createServer as createTls } from "node:https";
import { createServer } from "@emulators/core";
import { googlePlugin, seedFromConfig } from "@emulators/google";

const { folder, seed, tokens } = JSON.parse(process.argv[2]);
const tls = { cert: readFileSync(`${folder}/chain.pem`), key: readFileSync(`${folder}/key.pem`) };
const server = createTls(tls);
await new Promise((done) => server.listen(0, "localhost", done));
const address = `https://localhost:${server.address().port}`;
const { app, store } = createServer(googlePlugin, { baseUrl: address, tokens });
seedFromConfig(store, address, seed);

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length > 0 ? Buffer.concat(parts) : undefined;
}

server.on("request", async (request, response) => {
  const { method, headers, url } = request;
  const asked = new Request(`${address}${url}`, { method, headers, body: await body(request) });
  const told = await app.fetch(asked);
  response.writeHead(told.status, Object.fromEntries(told.headers));
  response.end(Buffer.from(await told.arrayBuffer()));
});
console.log(address);
