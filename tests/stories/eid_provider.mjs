// A national provider of eIDs for the stories: oidc-provider on loopback, with one page where a person identifies.
// Arguments: its port, the portal's callback address, the client's secret, the level (acr) it confirms.
import http from 'node:http';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [port, callback, secret, level] = process.argv.slice(2);
const tools = createRequire(path.join(process.cwd(), '.tools', 'package.json'));
const { Provider } = await import(pathToFileURL(tools.resolve('oidc-provider')).href);

const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'portal',
    client_secret: secret,
    redirect_uris: [callback],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  }],
  acrValues: [level, 'urn:level:low'],
  claims: { openid: ['sub'], acr: null },
  cookies: { keys: [secret] },
  features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
  interactions: { url: (_ctx, interaction) => `/identify/${interaction.uid}` },
  pkce: { required: () => true },
  findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
});

const page = (uid) => `<!DOCTYPE html><html lang="en"><title>eID</title><h1>National eID</h1>
<form method="post" action="/identify/${uid}"><label>Card <input name="card"></label>
<label>Level <input name="level" value="${level}"></label><button>Identify</button></form>
<form method="post" action="/identify/${uid}"><button name="cancel" value="1">Cancel</button></form></html>`;

async function read(request) {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

async function identify(request, response, uid) {
  if (request.method !== 'POST') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(page(uid));
    return;
  }
  const sent = await read(request);
  if (sent.get('cancel')) {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  const grant = new provider.Grant({ accountId: sent.get('card'), clientId: 'portal' });
  grant.addOIDCScope('openid');
  grant.addOIDCClaims(['acr']);
  const login = { accountId: sent.get('card'), acr: sent.get('level'), remember: false };
  await provider.interactionFinished(request, response, { login, consent: { grantId: await grant.save() } });
}

const answer = provider.callback();
http.createServer((request, response) => {
  const found = /^\/identify\/([\w-]+)$/.exec(request.url);
  if (found) {
    identify(request, response, found[1]).catch((error) => {
      response.writeHead(400);
      response.end(String(error));
    });
  } else {
    answer(request, response);
  }
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
