import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The built page goes into the Python package: the server serves it, and a wheel carries it.
export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../backend/torchwire/static",
    emptyOutDir: true,
    // No data: URLs: the page's policy allows fonts and images from the server only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600, // kB: swagger-ui, which only the API's docs page loads
    rollupOptions: { input: { index: "index.html", docs: "docs.html" } },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});
