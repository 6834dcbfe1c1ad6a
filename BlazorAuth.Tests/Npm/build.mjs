// Bundles the page once for each client.
import { build } from "esbuild";

for (const [version, client] of [["v5", "next-auth/react"], ["v4", "next-auth-4/react"]]) {
  await build({
    entryPoints: ["page.jsx"],
    outfile: `dist/${version}.js`,
    bundle: true,
    jsx: "automatic",
    alias: { "next-auth-client": client },
    define: {
      "process.env.NODE_ENV": '"development"',
      "process.env.NEXTAUTH_URL": "undefined",
      "process.env.NEXTAUTH_URL_INTERNAL": "undefined",
      "process.env.VERCEL_URL": "undefined",
    },
    logLevel: "warning",
  });
}
