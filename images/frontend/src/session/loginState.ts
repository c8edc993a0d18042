/** What a page may hand to the login page: `<Link to="/login" state={…}>`. */
export interface LoginState {
  /** Where to go once logged in. */
  from?: string;
  email?: string;
  /** A heart was pressed: that leads to the login, and is done after it. */
  favourite?: { id: number; title: string };
  /** What was typed there when the login ended, to be there again: see useTyped. */
  typed?: { userId: number; values: Record<string, string> };
}
