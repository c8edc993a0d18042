import "./styles/tokens.css";
import "./styles/base.css";
import { createStore } from "jotai";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { createApi } from "./api/client";
import { createQueryClient } from "./api/queries";
import { App } from "./App";
import { readRuntimeConfig } from "./config/runtime";
import { Providers } from "./Providers";
import { forgetOnLogout, sessionPort } from "./session/store";

const root = document.querySelector("#root");
if (!root) {
  throw new Error('index.html: no element with id "root"');
}

const store = createStore();
const api = createApi(readRuntimeConfig().apiBaseUrl, sessionPort(store));
const queryClient = createQueryClient();
forgetOnLogout(store, queryClient);

// A transition is rendered in slices, so that a slow device stays responsive.
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <Providers store={store} api={api} queryClient={queryClient}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </Providers>
    </StrictMode>,
  ),
);
