import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const app = "http://localhost:5080";

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  // next-auth reads these on a server; in a browser there is no process.
  define: {
    "process.env.NEXTAUTH_URL": "undefined",
    "process.env.NEXTAUTH_URL_INTERNAL": "undefined",
    "process.env.VERCEL_URL": "undefined",
  },
  build: { rollupOptions: { input: ["index.html", "client.html", "plain.html"] } },
  server: {
    port: 5173,
    strictPort: true,
    // The Host header stays this front end's, so the app makes its addresses for this origin. The stand-ins of Development come along.
    proxy: mode === "proxy" ? { "/api": { target: app, changeOrigin: false }, "/stand-ins": { target: app, changeOrigin: false } } : undefined,
  },
}));
