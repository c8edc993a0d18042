/** Configuration from the server at run time (/config.js), so that one build serves every stack. */
export interface RuntimeConfig {
  /** Origin of the API; empty if the API has the page's own origin. */
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
