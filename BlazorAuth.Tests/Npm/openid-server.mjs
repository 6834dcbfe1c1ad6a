// panva's oidc-provider, which certified implementations are tested against: one person, one client, in the variant that the arguments name.
import Provider from 'oidc-provider';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [variant, callback, keyFile] = process.argv.slice(2);
// Not exported afterwards: node 20 waits for itself forever if it collects garbage at that moment.
const asJwk = { publicKeyEncoding: { format: 'jwk' }, privateKeyEncoding: { format: 'jwk' } };
const jwk = (type, options, more) => ({ ...generateKeyPairSync(type, { ...options, ...asJwk }).privateKey, use: 'sig', ...more });
const rsa = kid => jwk('rsa', { modulusLength: 2048 }, { kid, alg: 'RS256' });
const algorithm = variant === 'es256' ? 'ES256' : 'RS256';
const client = {
  client_id: 'client',
  redirect_uris: [callback],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  id_token_signed_response_alg: algorithm,
  token_endpoint_auth_method: { post: 'client_secret_post', none: 'none', private_key_jwt: 'private_key_jwt' }[variant] ?? 'client_secret_basic',
};
if (['none', 'private_key_jwt'].includes(variant) === false) client.client_secret = 'a secret:with %signs+and/slashes=0123456789';
if (variant === 'private_key_jwt') client.jwks = { keys: [JSON.parse(readFileSync(keyFile, 'utf8'))] };

const make = issuer => {
  const provider = new Provider(issuer, {
    clients: [client],
    jwks: { keys: [variant === 'es256' ? jwk('ec', { namedCurve: 'P-256' }, { kid: 'e1', alg: 'ES256' }) : rsa('k' + ++made)] },
    scopes: ['openid', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: variant.startsWith('par'), requirePushedAuthorizationRequests: variant === 'par_required' },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['a key for cookies'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Ada Lovelace', email: 'ada@example.com', email_verified: true }) }),
  });
  // Everybody is Ada, and says yes at once.
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const { prompt, params, session, grantId } = await provider.interactionDetails(context.req, context.res);
    const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session?.accountId ?? 'ada', clientId: params.client_id });
    grant.addOIDCScope('openid profile email');
    const result = prompt.name === 'login' ? { login: { accountId: 'ada' } } : { consent: { grantId: await grant.save() } };
    await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: true });
  });
  return provider.callback();
};

let made = 0;
let answer;
const server = createServer((request, response) => {
  if (request.url !== '/rotate') return answer(request, response);
  answer = make(`http://localhost:${server.address().port}`);
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  answer = make(`http://localhost:${port}`);
  console.log(`Now listening on: http://localhost:${port}`);
});
