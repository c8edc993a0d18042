import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createStore } from "jotai";
import { MemoryRouter } from "react-router";
import { onTestFinished } from "vitest";
import { createApi } from "../../src/api/client";
import { createQueryClient } from "../../src/api/queries";
import type { Login } from "../../src/api/types";
import { App } from "../../src/App";
import { Providers } from "../../src/Providers";
import { forgetOnLogout, sessionAtom, sessionPort } from "../../src/session/store";
import { startApi, type Routes } from "./api";

/** The whole application at an address, with the given API responses; logged in, if a login is given. */
export async function openSite(path: string, routes: Routes, login: Login | null = null) {
  const api = await startApi(routes);
  const store = createStore();
  store.set(sessionAtom, login);
  const queryClient = createQueryClient();
  // The same retries as in the application, without their delays.
  queryClient.setDefaultOptions({ queries: { ...queryClient.getDefaultOptions().queries, retryDelay: 1 } });
  onTestFinished(forgetOnLogout(store, queryClient));
  onTestFinished(() => queryClient.clear());
  render(
    <Providers store={store} api={createApi(api.url, sessionPort(store))} queryClient={queryClient}>
      <MemoryRouter initialEntries={[path]}>
        <App />
      </MemoryRouter>
    </Providers>,
  );
  return { api, queryClient, user: userEvent.setup(), session: () => store.get(sessionAtom) };
}
