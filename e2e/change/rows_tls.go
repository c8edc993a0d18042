package change

// tls are the keys of https and of the certificates of PostgreSQL.
var tls = []Row{
	{
		Keys: []string{"tls.certFile", "tls.secretName", "tls.issuer.kind", "tls.issuer.name", "tls.generate"}, Change: "no source → one of them",
		Effect:   Effect{Rolling: allTiers, LogIn: true, Also: "the migration Job runs again; the page is at https, and `frontend.port` redirects browsers there; the API's own address uses https on the same port"},
		ByHand:   "with `apiMode: direct` users must reload open pages: the API no longer answers them",
		NotTried: "e2e/tls_test.go makes the change",
	},
	{
		Keys: []string{"tls.certFile", "tlsKey"}, Change: "a renewed certificate",
		Effect:   Effect{Also: "the Secret changes, and Nginx loads it within 92 s"},
		NotTried: "e2e/tls_test.go makes the change",
	},
	{
		Keys: []string{"tls.certFile", "tls.secretName", "tls.issuer.kind", "tls.issuer.name", "tls.generate"}, Change: "one source → another",
		Effect:   Effect{Rolling: allTiers, Also: "the previous source's Secret is deleted at the end, unless another system manages it"},
		NotTried: "e2e/tls_test.go makes the change, from a file to a Secret and on to cert-manager",
	},
	{
		Keys: []string{"tls.host", "tls.apiHost"}, Change: "another name in the certificate",
		Effect:   Effect{Rolling: allTiers, LogIn: true, Also: "the migration Job runs again; the previous Secret is deleted at the end, unless another system manages it"},
		ByHand:   "users open the new name",
		NotTried: "the lab has no DNS for browsers; main's tests show what changes",
	},
	{
		Keys: []string{"tls.redirect"}, Change: "on → off",
		Effect:   Effect{Also: "the Service and a network policy change: `frontend.port` is closed"},
		NotTried: "e2e/tls_test.go makes the change",
	},
	{
		Keys: []string{"tls.hsts"}, Change: "another number",
		Effect:   Effect{Rolling: []Tier{FrontEnd}},
		ByHand:   "a browser refuses plain http until the previous number of seconds has passed",
		NotTried: "the front end's tests show the header",
	},
	{
		Keys: []string{"database.caFile", "database.certFile", "databaseKey", "database.secretName"}, Change: "another file, key or Secret",
		Effect:   Effect{Rolling: []Tier{API}, Also: "the migration Job runs again, and fails if another authority issued the server's certificate"},
		NotTried: "e2e/tls_test.go makes the change",
	},
	{
		Keys: []string{"database.sslMode"}, Change: "`require` → `verify-full`, `database.caFile` with it",
		Effect:   Effect{Rolling: []Tier{API}, Also: "the migration Job runs again"},
		NotTried: "e2e/tls_test.go makes the change",
	},
}
