/** What a page may hand to the login page: `<Link to="/login" state={…}>`. */
export interface LoginState {
  /** Where to go once logged in. */
  from?: string;
  email?: string;
}
