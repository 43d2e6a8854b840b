import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/**
 * One file builds both halves: `client` is the page, `server` is the Node process and the mock agent.
 * `vite build --app` runs them; in development the page is served by Vite, which passes `/api` on.
 */
export default defineConfig({
  plugins: [react(), tailwindcss()],
  // Workers load grammars one by one, which only modules can.
  worker: { format: "es" },
  environments: {
    client: {
      build: {
        outDir: "dist/web",
        emptyOutDir: true,
        target: "es2023",
        // One small sheet: a second one that does not come is never asked for again.
        cssCodeSplit: false,
        sourcemap: false,
        manifest: true,
      },
    },
    server: {
      resolve: {
        external: true,
        noExternal: ["hono", "@hono/node-server", "zod", "kysely", "zod-openapi", "eventsource-parser"],
      },
      build: {
        ssr: true,
        outDir: "dist/server",
        emptyOutDir: true,
        copyPublicDir: false,
        target: "node20",
        rolldownOptions: {
          input: { main: "src/server/main.ts", "mock-agent": "src/agents/mock/main.ts" },
          output: { entryFileNames: "[name].js" },
        },
      },
    },
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ["client", "server"]) {
        const environment = builder.environments[name];
        if (!environment) throw new Error(`vite.config.ts defines no environment "${name}"`);
        await builder.build(environment);
      }
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { "/api": `http://127.0.0.1:${process.env.SANDBAR_PORT ?? "4270"}` },
  },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    environment: "node",
    css: { include: [/app\.css/] }, // its test reads the tokens
    setupFiles: ["src/testing/patience.ts"],
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default"],
  },
});
