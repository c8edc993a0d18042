package components

import (
	"maps"
	"slices"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func (a BackendArgs) container(image, secret pulumi.StringInput) corev1.ContainerArgs {
	return corev1.ContainerArgs{
		Name:           pulumi.String("flask"),
		Image:          image,
		Env:            a.env(secret),
		Ports:          a.ports(),
		StartupProbe:   httpProbe("/healthz/live", 1, 60),
		ReadinessProbe: httpProbe("/healthz/ready", 5, 2),
		LivenessProbe:  httpProbe("/healthz/live", 10, 3),
		// Measured with two workers: 2.3 ms of CPU per uncached request; 95 MiB idle, 125 MiB under load. Each password
		// being hashed takes 19 MiB more; up to eight are hashed at the same time.
		Resources: resources("200m", "192Mi", "384Mi"),
	}
}

// ports are the same with and without a Proxy, so enabling it replaces no pods. Network policies restrict access to each
// port.
func (a BackendArgs) ports() corev1.ContainerPortArray {
	return corev1.ContainerPortArray{
		containerPort("http", backendPort), containerPort("proxied", backendProxiedPort), containerPort(metricsPort, backendMetricsPort),
	}
}

// env returns the environment variables of the application; REDIS_HOST is an output of the Redis Service.
func (a BackendArgs) env(secret pulumi.StringInput) corev1.EnvVarArray {
	values := map[string]pulumi.StringInput{
		"ALLOWED_ORIGIN":   pulumi.String(a.AllowedOrigin),
		"DATABASE_HOST":    a.Database.Host,
		"DATABASE_NAME":    pulumi.String(a.Database.Name),
		"DATABASE_PORT":    pulumi.String(strconv.Itoa(a.Database.Port)),
		"DATABASE_SSLMODE": pulumi.String(a.Database.SSLMode),
		"DATABASE_USER":    pulumi.String(a.Database.User),
		"REDIS_HOST":       a.Redis.Host,
		"REDIS_PORT":       pulumi.String(strconv.Itoa(a.Redis.Port)),
		"REDIS_USERNAME":   pulumi.String(a.Redis.User),
		"TRUSTED_PROXIES":  pulumi.String("1"), // on backendProxiedPort only
	}
	if a.Database.Certificates != nil {
		values["DATABASE_CERTIFICATES"] = pulumi.String(databaseFolder)
	}
	if a.TLSProxy != nil { // browsers use HTTPS only
		values["REFRESH_COOKIE"] = pulumi.String("__Host-refreshToken")
	}
	vars := env(values)
	secrets := a.secrets()
	for _, variable := range slices.Sorted(maps.Keys(secrets)) {
		vars = append(vars, secrets[variable].env(variable, secret, variable))
	}
	return vars
}

// secrets returns the API's secrets by environment variable.
func (a BackendArgs) secrets() map[string]Secret {
	return map[string]Secret{
		"DATABASE_PASSWORD":          a.Database.Password,
		"DATABASE_PASSWORD_FALLBACK": a.Database.Fallback,
		"REDIS_PASSWORD":             a.RedisPassword,
		"SECRET_KEY":                 a.SigningKey,
		"SECRET_KEY_FALLBACKS":       a.SigningKeyFallbacks,
	}
}

// migrationAnnotations make the migration run again if an externally managed secret changes or the database starts empty.
func (a BackendArgs) migrationAnnotations() pulumi.StringMap {
	annotations := pulumi.StringMap{}
	maps.Copy(annotations, following(a.secrets()))
	if a.Database.VolumeUID != nil {
		annotations["hankki/database"] = a.Database.VolumeUID
	}
	return annotations
}
