package change

// images are the keys of registries, builders and base images.
var images = []Row{
	{
		Keys: []string{"registry.server", "registry.username"}, Change: "another registry, without a login",
		Effect: Effect{Measured: "0 of 473", Rolling: allTiers, Restart: []Tier{Redis}, LogIn: true, Also: "all images are built and pushed there"},
		Try: &Try{Name: "registry.server", Stack: "onprem", Set: map[string]string{
			"registry.server": "127.0.0.1:5000", "registry.username": "",
		}},
	},
	{
		Keys: []string{"registry.prefix"}, Change: "another path",
		Effect: Effect{Measured: "0 of 468", Rolling: allTiers, Restart: []Tier{Redis}, LogIn: true, Also: "all images are built and pushed there"},
		Try:    &Try{Name: "registry.prefix", Stack: "onprem", Set: map[string]string{"registry.prefix": "shop"}},
	},
	{
		Keys: []string{"registry.username"}, Change: "another user of the same registry",
		Effect: Effect{Measured: "0 of 179", Also: "the pull Secret changes"},
		Try:    &Try{Name: "registry.username", Stack: "onprem", Prepare: RegistryUser, Set: map[string]string{"registry.username": "shop"}},
	},
	{
		Keys: []string{"registry.insecure", "registry.caFile"}, Change: "another value",
		Effect: Effect{Also: "preflight uses it to check the registry"},
		Try:    &Try{Name: "registry.insecure", Stack: "onprem", Set: map[string]string{"registry.insecure": "false"}},
	},
	{
		Keys: []string{"images.builder"}, Change: "`docker` → `buildkit`",
		Effect:   Effect{Rolling: allTiers, Restart: []Tier{Redis}, LogIn: true, Also: "all images are built again"},
		NotTried: "the lab has no Docker engine; docker → buildkit → docker was measured with engine 28.5 and pulumi-docker 4.10.0, one rollout each",
	},
	{
		Keys: []string{"images.instance"}, Change: "another buildx instance",
		Effect: Effect{Measured: "0 of 178", Also: "all images are built again, with the same digests if the build cache is the same"},
		Try:    &Try{Name: "images.instance", Stack: "onprem", Prepare: BuildxInstance, Set: map[string]string{"images.instance": "kitchen"}},
	},
	{
		Keys: []string{"images.platform"}, Change: "a platform that no node has",
		Effect: Effect{Refused: "images.platform"},
		ByHand: "set it back",
		Try:    &Try{Name: "images.platform", Stack: "onprem", Set: map[string]string{"images.platform": "linux/arm64"}},
	},
	{
		Keys: []string{"images.caFile"}, Change: "another authority",
		Effect: Effect{Measured: "0 of 155", Also: "no image is built"},
		Try:    &Try{Name: "images.caFile", Stack: "onprem", Set: map[string]string{"images.caFile": "$LAB/postgres-ca.crt"}},
	},
	{
		Keys: []string{"images.use.redis", "images.use.backend", "images.use.frontend"}, Change: "not set → the images that run, by digest",
		Effect:   Effect{Also: "no image is built from then on; after the removal of `images.use` all images are built again, with the same digests if the source and the build cache are the same"},
		NotTried: "TestRollback (e2e) sets and removes it, with other images",
	},
	{
		Keys: []string{"baseImages.mirror"}, Change: "another registry",
		Effect: Effect{Also: "same effect as changing each base image that the stack does not set itself"},
		Try:    &Try{Name: "baseImages.mirror", Stack: "onprem", Set: map[string]string{"baseImages.mirror": "127.0.0.1:5002"}},
	},
	{
		Keys: []string{"baseImages.python"}, Change: "another image",
		Effect: Effect{Measured: "0 of 320", Rolling: []Tier{API}, Also: "the migration Job runs again"},
		Try:    &Try{Name: "baseImages.python", Stack: "onprem", Prepare: OtherBaseImages, Set: map[string]string{"baseImages.python": "127.0.0.1:5000/base/python:changed"}},
	},
	{
		Keys: []string{"baseImages.node", "baseImages.nginx"}, Change: "another image",
		Effect: Effect{Rolling: []Tier{FrontEnd}},
		Try:    &Try{Name: "baseImages.nginx", Stack: "onprem", Prepare: OtherBaseImages, Set: map[string]string{"baseImages.nginx": "127.0.0.1:5000/base/nginx:changed"}},
	},
	{
		Keys: []string{"baseImages.redis"}, Change: "another image",
		Effect: Effect{Restart: []Tier{Redis}, LogIn: true},
		Try:    &Try{Name: "baseImages.redis", Stack: "onprem", Prepare: OtherBaseImages, Set: map[string]string{"baseImages.redis": "127.0.0.1:5000/base/redis:changed"}},
	},
	{
		Keys: []string{"baseImages.redisExporter", "baseImages.nginxExporter", "baseImages.blackboxExporter"}, Change: "another image, `monitoring` off",
		Try: &Try{Name: "baseImages exporters", Stack: "onprem", Set: map[string]string{
			"baseImages.redisExporter": "docker.io/oliver006/redis_exporter:v1", "baseImages.nginxExporter": "docker.io/nginx/nginx-prometheus-exporter:1",
			"baseImages.blackboxExporter": "docker.io/prom/blackbox-exporter:v1",
		}},
	},
	{
		Keys: []string{"baseImages.redisExporter", "baseImages.nginxExporter"}, Change: "another image, `monitoring` on",
		Effect:   Effect{Rolling: []Tier{FrontEnd}, Restart: []Tier{Redis}, LogIn: true},
		NotTried: "the lab has one version of each exporter; the row `monitoring.enabled` changes the same containers",
	},
	{
		Keys: []string{"baseImages.blackboxExporter"}, Change: "another image, `monitoring` and `tls` on",
		Effect:   Effect{Also: "only the blackbox exporter's pod is replaced"},
		NotTried: "the lab has one version of it; the tests of the program show that its Deployment alone has the image",
	},
}
