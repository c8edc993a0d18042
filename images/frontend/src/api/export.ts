import type { Api } from "./client";
import type { Export } from "./schema";

/** All data of the account: a larger response, so its timeout is longer. */
export async function fetchExport({ http }: Api): Promise<Export> {
  const { data } = await http.get<Export>("/me/export", { timeout: 60_000 });
  return data;
}
