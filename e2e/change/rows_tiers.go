package change

// tiers are the keys of the API and of the front end.
var tiers = []Row{
	{
		Keys: []string{"backend.replicas"}, Change: "more, fewer",
		Effect: Effect{Also: "pods are added or removed"},
		Try:    &Try{Name: "backend.replicas", Stack: "onprem", Set: map[string]string{"backend.replicas": "3"}},
	},
	{
		Keys: []string{"frontend.replicas"}, Change: "more, fewer",
		Effect: Effect{Also: "pods are added or removed"},
		Try:    &Try{Name: "frontend.replicas", Stack: "onprem", Set: map[string]string{"frontend.replicas": "2"}},
	},
	{
		Keys: []string{"backend.autoscaling.enabled", "backend.autoscaling.minReplicas", "backend.autoscaling.maxReplicas", "backend.autoscaling.targetCPU"}, Change: "off → on, other numbers",
		Effect: Effect{Also: "the HorizontalPodAutoscaler is created, changed or deleted"},
		ByHand: "after on → off: `pulumi up --refresh` sets `backend.replicas` if the autoscaler left another number",
		Try: &Try{Name: "backend.autoscaling", Stack: "onprem", Set: map[string]string{
			"backend.autoscaling.enabled": "true", "backend.autoscaling.minReplicas": "2", "backend.autoscaling.maxReplicas": "3", "backend.autoscaling.targetCPU": "90",
		}},
	},
	{
		Keys: []string{"backend.allowedOrigin"}, Change: "another origin",
		Effect: Effect{Rolling: []Tier{API}, Also: "the migration Job runs again"},
		Try:    &Try{Name: "backend.allowedOrigin", Stack: "onprem", Set: map[string]string{"backend.allowedOrigin": "http://shop.example.com"}},
	},
	{
		Keys: []string{"backend.sampleData"}, Change: "on → off",
		Effect: Effect{Also: "the migration Job runs again; loaded sample recipes stay"},
		Try:    &Try{Name: "backend.sampleData", Stack: "onprem", Set: map[string]string{"backend.sampleData": "false"}},
	},
	{
		Keys: []string{"frontend.apiMode"}, Change: "`direct` → `proxy`",
		Effect: Effect{Measured: "none longer than 0.6 s", Rolling: []Tier{FrontEnd}, Gap: moveGap, GapOf: "the API, while the page changes to the other mode", LogIn: true},
		ByHand: "nothing; after `proxy` → `direct` users must reload open pages",
		Try:    &Try{Name: "frontend.apiMode", Stack: "onprem", Service: "http://10.0.0.4", Set: map[string]string{"frontend.apiMode": "proxy"}},
	},
}
