// Writes a session token of next-auth 4: secret and claims in, token out.
import { encode } from "next-auth-4/jwt";

console.log(await encode({ secret: process.argv[2], token: JSON.parse(process.argv[3]), maxAge: 30 * 24 * 60 * 60 }));
