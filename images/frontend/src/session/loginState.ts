/** State that a page passes to the login page: `<Link to="/login" state={…}>`. */
export interface LoginState {
  /** The page to open after the login. */
  from?: string;
  email?: string;
  /** A recipe to add to the favourites after the login. */
  favourite?: { id: number; title: string };
  /** Typed values of that page, to restore after the login: see useTyped. */
  typed?: { userId: number; values: Record<string, string> };
}
