// Makes users as Auth.js does: the tables of its PostgreSQL adapter, and the adapter itself.
import PostgresAdapter from "@auth/pg-adapter";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.argv[2], max: 1 });
await pool.query(`
  CREATE TABLE verification_token (identifier TEXT NOT NULL, expires TIMESTAMPTZ NOT NULL, token TEXT NOT NULL, PRIMARY KEY (identifier, token));
  CREATE TABLE accounts (id SERIAL PRIMARY KEY, "userId" INTEGER NOT NULL, type VARCHAR(255) NOT NULL, provider VARCHAR(255) NOT NULL, "providerAccountId" VARCHAR(255) NOT NULL,
    refresh_token TEXT, access_token TEXT, expires_at BIGINT, id_token TEXT, scope TEXT, session_state TEXT, token_type TEXT);
  CREATE TABLE sessions (id SERIAL PRIMARY KEY, "userId" INTEGER NOT NULL, expires TIMESTAMPTZ NOT NULL, "sessionToken" VARCHAR(255) NOT NULL);
  CREATE TABLE users (id SERIAL PRIMARY KEY, name VARCHAR(255), email VARCHAR(255), "emailVerified" TIMESTAMPTZ, image TEXT);`);
const adapter = PostgresAdapter(pool);
const ada = await adapter.createUser({ name: "Ada", email: "ada@example.com", emailVerified: new Date("2024-05-06T07:08:09Z"), image: "https://id.example/ada.png" });
await adapter.linkAccount({ userId: ada.id, type: "oidc", provider: "google", providerAccountId: "42" });
await adapter.linkAccount({ userId: ada.id, type: "oauth", provider: "github", providerAccountId: "7" });
const kim = await adapter.createUser({ name: "Kim", email: "kim@example.com", emailVerified: null, image: null });
console.log(JSON.stringify({ ada: String(ada.id), kim: String(kim.id) }));
await pool.end();
