package config

// Engine contains the keys of Pulumi's plugin docker for the Docker engine; each may be empty. The plugin reads them
// itself. They are needed here for the preflight check of the engine.
type Engine struct {
	Host     string // docker:host, e.g. tcp://builder:2376; empty: DOCKER_HOST, or the local socket
	CertPath string // docker:certPath, a folder with ca.pem, cert.pem and key.pem
	CA, Cert string // docker:caMaterial and docker:certMaterial, in PEM form
	Key      Secret // docker:keyMaterial, in PEM form
}

// LoadEngine reads the keys. It does not validate them; the plugin does.
func LoadEngine(source Source) Engine {
	get := func(key string) string {
		value, _ := source.GetConfig("docker:" + key)
		return value
	}
	return Engine{
		Host: get("host"), CertPath: get("certPath"),
		CA: get("caMaterial"), Cert: get("certMaterial"), Key: Secret(get("keyMaterial")),
	}
}
