// An authorization server of oidc-provider over HTTPS, for one client.
//
// Whom it signs in, and what it calls itself, is in the JSON of the first argument. A person
// who comes to it accepts at once, or refuses: everything else is up to oidc-provider.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { Provider, interactionPolicy } from "oidc-provider";

const given = JSON.parse(process.argv[2]);
const { account, client, folder, prefix, scopes, routes } = given;
const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }));

const tls = { cert: readFileSync(`${folder}/chain.pem`), key: readFileSync(`${folder}/key.pem`) };
const server = createServer(tls);
await new Promise((done) => server.listen(0, "localhost", done));
const address = `https://localhost:${server.address().port}`;

const provider = new Provider(given.issuer || `${address}${prefix}`, {
  clients: [{ ...client, token_endpoint_auth_method: "client_secret_post", grant_types: ["authorization_code", "refresh_token"] }],
  claims: { openid: Object.keys(account) },
  scopes: ["openid", "offline_access", ...scopes],
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...account, sub: id }) }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  pkce: { required: () => true },
  interactions: { policy, url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: { devInteractions: { enabled: false } },
  routes,
  ttl: { AccessToken: 3_600, AuthorizationCode: 60, Grant: 86_400, IdToken: 3_600, Interaction: 600, RefreshToken: 86_400, Session: 600 },
});

// What a person does at the pages: accept everything asked for, or cancel.
async function decide(request, response) {
  const { params, prompt } = await provider.interactionDetails(request, response);
  if (given.refuses) {
    return provider.interactionFinished(request, response, { error: "access_denied" });
  }
  const result = { login: { accountId: account.sub }, select_account: {} };
  if (prompt.name === "consent") {
    const grant = new provider.Grant({ accountId: account.sub, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    result.consent = { grantId: await grant.save() };
  }
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

const answer = provider.callback();
server.on("request", (request, response) => {
  if (request.url.startsWith("/interaction/")) {
    decide(request, response).catch((error) => response.writeHead(500).end(String(error)));
    return;
  }
  // OpenID Connect grants offline_access with prompt=consent only; Microsoft always does.
  request.url = request.url.replace("prompt=select_account", "prompt=select_account%20consent");
  request.originalUrl = request.url;
  if (request.url.startsWith(prefix)) request.url = request.url.slice(prefix.length) || "/";
  answer(request, response);
});
console.log(address);
