// Makes users as Better Auth does: its own migration, its own sign-up, and what it does at a sign-in with Google.
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { admin } from "better-auth/plugins";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.argv[2], max: 2 });
const auth = betterAuth({
  baseURL: "http://localhost:3000",
  secret: "a-secret-of-the-tests-that-is-long-enough",
  database: pool,
  emailAndPassword: { enabled: true },
  socialProviders: { google: { clientId: "client", clientSecret: "secret" } },
  plugins: [admin()],
  telemetry: { enabled: false },
});
await (await getMigrations(auth.options)).runMigrations();
const kim = (await auth.api.signUpEmail({ body: { name: "Kim", email: "kim@example.com", password: "correct horse battery" } })).user;
const context = await auth.$context;
const { user: ada } = await context.internalAdapter.createOAuthUser(
  { name: "Ada", email: "ada@example.com", emailVerified: true, image: "https://id.example/ada.png" },
  { providerId: "google", accountId: "42" },
);
await context.internalAdapter.updateUser(kim.id, { banned: true, banReason: "spam", banExpires: new Date(Date.now() + 1e12) });
console.log(JSON.stringify({ ada: ada.id, kim: kim.id }));
await pool.end();
