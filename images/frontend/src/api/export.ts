import type { Api } from "./client";

/** All data of the account as a JSON file. It may be large: it is neither parsed nor copied, and its timeout is longer. */
export async function fetchExport({ http }: Api): Promise<Blob> {
  const { data } = await http.get<Blob>("/me/export", { responseType: "blob", timeout: 70_000 });
  return data;
}
