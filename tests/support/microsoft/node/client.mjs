// A second client: Microsoft's own, doing what its arguments say against the fake.
// Arguments: base address and token; from standard input a list of calls, each
// {method, path, body?, headers?, query?}. Prints what each was answered.
import { readFileSync } from "node:fs";
import { Client } from "@microsoft/microsoft-graph-client";

const [baseUrl, token] = process.argv.slice(2);
const client = Client.init({
  baseUrl,
  customHosts: new Set([new URL(baseUrl).hostname]),
  defaultVersion: "v1.0",
  authProvider: (done) => done(null, token),
});
const SENDERS = {
  GET: (request) => request.get(),
  POST: (request, body) => request.post(body),
  PATCH: (request, body) => request.patch(body),
  DELETE: (request) => request.delete(),
};
const ids = [];

async function answered({ method, path, body, headers = {}, query = {} }) {
  const request = client
    .api(path.replace("{last}", ids.at(-1)))
    .headers(headers)
    .query(query);
  try {
    const answer = await SENDERS[method](request, body);
    if (answer?.id) ids.push(answer.id);
    return { answer: answer ?? null };
  } catch ({ statusCode, code }) {
    return { statusCode, code };
  }
}

const answers = [];
for (const call of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(await answered(call));
}
console.log(JSON.stringify(answers));
