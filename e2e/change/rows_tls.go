package change

// tls are the keys of https and of the certificates of PostgreSQL.
var tls = []Row{
	{
		Keys: []string{"tls.certFile", "tls.secretName", "tls.issuer.kind", "tls.issuer.name", "tls.generate"}, Change: "none → one of them, `backend.allowedOrigin` removed",
		Effect:   Effect{Rolling: allTiers, LogIn: true, Also: "the release Job runs again; the page is at https, and `frontend.port` sends browsers there; the API's own address speaks https on the same port"},
		ByHand:   "with `apiMode: direct` open pages have to be loaded again, for the API answers them no more",
		NotTried: "e2e/tls_test.go makes the change",
	},
	{
		Keys: []string{"tls.certFile", "tlsKey"}, Change: "a renewed certificate",
		Effect:   Effect{Also: "the Secret changes, and Nginx loads it within 92 s"},
		NotTried: "e2e/tls_test.go makes the change",
	},
	{
		Keys: []string{"tls.certFile", "tls.secretName", "tls.issuer.kind", "tls.issuer.name", "tls.generate"}, Change: "one → another",
		Effect:   Effect{Rolling: allTiers, Also: "the Secret of the former source is deleted at the end, unless another system writes it"},
		NotTried: "e2e/tls_test.go makes the change, from a file to a Secret and on to cert-manager",
	},
	{
		Keys: []string{"tls.host", "tls.apiHost"}, Change: "another name that the certificate has",
		Effect:   Effect{Rolling: allTiers, LogIn: true, Also: "the release Job runs again"},
		ByHand:   "users open the new name",
		NotTried: "the lab has no name service for browsers; main's tests show what changes",
	},
	{
		Keys: []string{"tls.redirect"}, Change: "on → off",
		Effect:   Effect{Also: "the Service and a network policy change: `frontend.port` is closed"},
		NotTried: "e2e/tls_test.go makes the change",
	},
	{
		Keys: []string{"tls.hsts"}, Change: "another number",
		Effect:   Effect{Rolling: []Tier{FrontEnd}},
		ByHand:   "a browser goes on refusing plain http for the seconds that it was told before",
		NotTried: "the front end's tests show the header",
	},
	{
		Keys: []string{"database.caFile", "database.certFile", "databaseKey", "database.secretName"}, Change: "another file, key or Secret",
		Effect:   Effect{Rolling: []Tier{API}, Also: "the release Job runs again, and fails where the server's certificate is another authority's"},
		NotTried: "e2e/tls_test.go makes the change",
	},
	{
		Keys: []string{"database.sslMode"}, Change: "`require` → `verify-full`, `database.caFile` with it",
		Effect:   Effect{Rolling: []Tier{API}, Also: "the release Job runs again"},
		NotTried: "e2e/tls_test.go makes the change",
	},
}
