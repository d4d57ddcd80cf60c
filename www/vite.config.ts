import { defineConfig } from 'vite'

export default defineConfig({
  // Relative addresses, so that the built folder works under any path of any static host.
  base: './',
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Inlined assets would be `data:` addresses, which the content security policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1' },
})
