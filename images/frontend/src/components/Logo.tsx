/** A bowl of rice, steaming. */
export function Logo() {
  return (
    <svg width="32" height="32" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#b93a20" />
      <path d="M5.5 16h21a10.5 10.5 0 0 1-6.6 9.8v.7a1 1 0 0 1-1 1h-5.8a1 1 0 0 1-1-1v-.7A10.5 10.5 0 0 1 5.5 16Z" fill="#fff6e6" />
      <path
        d="M11.5 13c-1.6-2 1.4-3.2 0-5.6M16 13c-1.6-2 1.4-3.2 0-5.6M20.5 13c-1.6-2 1.4-3.2 0-5.6"
        fill="none"
        stroke="#ffd08a"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </svg>
  );
}
