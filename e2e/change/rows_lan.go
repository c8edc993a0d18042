package change

// The addresses of the shipped stack, and the ones that the rows move to.
const (
	shippedPage, otherPage       = "http://10.0.0.4", "http://10.0.0.14"
	shippedService, otherService = "http://10.0.0.3:5000", "http://10.0.0.13:5000"
)

// lan are the keys of addresses and of MetalLB, which announces them.
var lan = []Row{
	{
		Keys: []string{"metallb.addresses"}, Change: "grown",
		Try: &Try{Name: "metallb.addresses grown", Stack: "onprem", Set: map[string]string{"metallb.addresses[1]": "10.0.2.0-10.0.2.20"}},
	},
	{
		Keys: []string{"metallb.addresses"}, Change: "shrunk, both addresses still inside",
		Try: &Try{Name: "metallb.addresses shrunk", Stack: "onprem", Set: map[string]string{"metallb.addresses[0]": "10.0.0.3-10.0.0.20"}},
	},
	{
		Keys: []string{"metallb.addresses"}, Change: "as a CIDR",
		Try: &Try{Name: "metallb.addresses as CIDR", Stack: "onprem", Set: map[string]string{"metallb.addresses[0]": "10.0.0.0/28"}},
	},
	{
		Keys: []string{"metallb.addresses"}, Change: "without an address that a Service uses",
		Effect: Effect{Refused: "is outside of metallb.addresses"},
		ByHand: "set it back, or give the Service an address in the range",
		Try:    &Try{Name: "metallb.addresses without ours", Stack: "onprem", Set: map[string]string{"metallb.addresses[0]": "10.0.0.20-10.0.0.254"}},
	},
	{
		Keys: []string{"metallb.pool"}, Change: "another name",
		Effect: Effect{Measured: "0 of 145", Also: "the new pool is created, then the old one deleted"},
		Try:    &Try{Name: "metallb.pool", Stack: "onprem", Set: map[string]string{"metallb.pool": "kitchen"}},
	},
	{
		Keys: []string{"metallb.advertisement"}, Change: "another name",
		Effect: Effect{Measured: "0 of 170", Also: "the new advertisement is created, then the old one deleted"},
		Try:    &Try{Name: "metallb.advertisement", Stack: "onprem", Set: map[string]string{"metallb.advertisement": "kitchen"}},
	},
	{
		Keys: []string{"metallb.namespace"}, Change: "another name",
		Effect: Effect{Refused: "objects that Kubernetes can't move or rename"},
		ByHand: "set it back; or `make destroy` and `pulumi up`, which uses the kept data",
		Try:    &Try{Name: "metallb.namespace", Stack: "onprem", Set: map[string]string{"metallb.namespace": "kitchen"}},
	},
	{
		Keys: []string{"metallb.manage", "metallb.install"}, Change: "install → pools or none, while this stack's MetalLB is installed",
		Effect: Effect{Refused: "this stack installed MetalLB"},
		ByHand: "set it back",
		Try:    &Try{Name: "metallb.manage", Stack: "onprem", Set: map[string]string{"metallb.manage": "pools"}},
	},
	{
		Keys: []string{"metallb.chart.repository", "metallb.chart.path"}, Change: "the same chart from another place",
		Try: &Try{Name: "metallb.chart.path", Stack: "onprem", Prepare: ChartCopied, Set: map[string]string{"metallb.chart.path": "$WORK/chart/metallb"}},
	},
	{
		Keys: []string{"metallb.chart.version"}, Change: "another version of MetalLB",
		Effect: Effect{Measured: "0 of 246", Rolling: []Tier{MetalLB}, Gap: moveGap, GapOf: "an address whose speaker restarts"},
		Try:    &Try{Name: "metallb.chart.version", Stack: "onprem", Prepare: ChartWithNewPods, Set: map[string]string{"metallb.chart.path": "$WORK/changed/metallb"}},
	},
	{
		Keys: []string{"backend.loadBalancerIP"}, Change: "another address",
		Effect: Effect{Measured: "none longer than 0.6 s", Rolling: []Tier{FrontEnd}, Gap: moveGap, GapOf: "the API, while its address moves", LogIn: true, Also: "the Service moves in place"},
		ByHand: "nothing; with `apiMode: direct` open pages call the old address until users reload them",
		Try:    &Try{Name: "backend.loadBalancerIP", Stack: "onprem", Service: otherService, Set: map[string]string{"backend.loadBalancerIP": "10.0.0.13"}},
	},
	{
		Keys: []string{"frontend.loadBalancerIP"}, Change: "another address",
		Effect: Effect{Measured: "none longer than 0.6 s", Rolling: []Tier{API}, Gap: moveGap, GapOf: "the page, while its address moves", Also: "the Service moves in place"},
		ByHand: "users open the new address",
		Try:    &Try{Name: "frontend.loadBalancerIP", Stack: "onprem", Page: otherPage, Set: map[string]string{"frontend.loadBalancerIP": "10.0.0.14"}},
	},
	{
		Keys: []string{"backend.loadBalancerIP", "frontend.loadBalancerIP"}, Change: "swapped in one `up`",
		Effect: Effect{Rolling: allTiers, Gap: moveGap, GapOf: "each tier, while its address moves", LogIn: true, Also: "the Services move in place"},
		ByHand: "users open the new address",
		Try: &Try{Name: "addresses swapped", Stack: "onprem", Page: "http://10.0.0.3", Service: "http://10.0.0.4:5000", Set: map[string]string{
			"backend.loadBalancerIP": "10.0.0.4", "frontend.loadBalancerIP": "10.0.0.3",
		}},
	},
	{
		Keys: []string{"backend.port"}, Change: "`5000` → `5050`",
		Effect: Effect{Measured: "none longer than 0.6 s", Rolling: []Tier{FrontEnd}, Gap: moveGap, GapOf: "the API, while its port changes", Also: "the Service changes in place"},
		ByHand: "nothing; with `apiMode: direct` open pages call the old port until users reload them",
		Try:    &Try{Name: "backend.port", Stack: "onprem", Service: "http://10.0.0.3:5050", Set: map[string]string{"backend.port": "5050"}},
	},
	{
		Keys: []string{"frontend.port"}, Change: "`80` → `8080`",
		Effect: Effect{Rolling: []Tier{API}, Gap: moveGap, GapOf: "the page, while its port changes", Also: "the Service changes in place"},
		ByHand: "users open the new port",
		Try:    &Try{Name: "frontend.port", Stack: "onprem", Page: "http://10.0.0.4:8080", Set: map[string]string{"frontend.port": "8080"}},
	},
	{
		Keys: []string{"backend.externalTrafficPolicy"}, Change: "`Cluster` → `Local`",
		Try: &Try{Name: "backend.externalTrafficPolicy", Stack: "onprem", Set: map[string]string{"backend.externalTrafficPolicy": "Local"}},
	},
	{
		Keys: []string{"frontend.externalTrafficPolicy"}, Change: "`Cluster` → `Local`, one replica",
		Effect: Effect{Measured: "3 of 122, none longer than 0.6 s", Gap: moveGap, GapOf: "the page, until its pod's node announces the address"},
		Try:    &Try{Name: "frontend.externalTrafficPolicy", Stack: "onprem", Set: map[string]string{"frontend.externalTrafficPolicy": "Local"}},
	},
}
