import type { Api } from "./client";
import type { Export } from "./schema";

/** All that the account has: more than the other answers, so it may take longer. */
export async function fetchExport({ http }: Api): Promise<Export> {
  const { data } = await http.get<Export>("/me/export", { timeout: 60_000 });
  return data;
}
