/** What the server says at run time, so that one build serves every stack: see /config.js. */
export interface RuntimeConfig {
  /** Origin of the API; empty where the API answers at the page's own origin. */
  readonly apiBaseUrl: string;
}

declare global {
  interface Window {
    __HANKKI__?: unknown;
  }
}

export function readRuntimeConfig(value: unknown = window.__HANKKI__): RuntimeConfig {
  if (typeof value === "object" && value !== null && "apiBaseUrl" in value && typeof value.apiBaseUrl === "string") {
    return { apiBaseUrl: value.apiBaseUrl };
  }
  throw new Error(`/config.js: expected window.__HANKKI__ = {"apiBaseUrl": "…"}, found ${JSON.stringify(value)}`);
}
