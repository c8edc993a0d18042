import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { Provider as JotaiProvider } from "jotai";
import type { ReactNode } from "react";
import type { Api } from "./api/client";
import { ApiContext } from "./api/context";
import type { Store } from "./session/store";

interface Props {
  store: Store;
  api: Api;
  queryClient: QueryClient;
  children: ReactNode;
}

/** The providers of every page; tests render pages inside the same providers. */
export function Providers({ store, api, queryClient, children }: Props) {
  return (
    <JotaiProvider store={store}>
      <ApiContext value={api}>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </ApiContext>
    </JotaiProvider>
  );
}
