import type { Login } from "../../src/api/types";

export const login = (accessToken = "token-1"): Login => ({
  accessToken,
  user: { id: 7, email: "cook@example.com", name: "김요리" },
});
