package components

import (
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func (a BackendArgs) container(image, secret pulumi.StringInput, certificates mounted) corev1.ContainerArgs {
	return corev1.ContainerArgs{
		Name:           pulumi.String("flask"),
		Image:          image,
		Env:            a.env(secret),
		Ports:          a.ports(),
		VolumeMounts:   certificates.mounts,
		StartupProbe:   httpProbe("/healthz/live", 1, 60),
		ReadinessProbe: httpProbe("/healthz/ready", 5, 2),
		LivenessProbe:  httpProbe("/healthz/live", 10, 3),
		// Measured with two workers: 2.3 ms of CPU a request whose answer is not kept; 95 MiB idle, 125 MiB in use, and
		// 19 MiB more for each password that is hashed, of which there may be eight at once.
		Resources: resources("200m", "192Mi", "384Mi"),
	}
}

// ports are the same with and without a Proxy, so that pods need not be replaced for it. Network policies decide who may
// connect to which.
func (a BackendArgs) ports() corev1.ContainerPortArray {
	return corev1.ContainerPortArray{
		containerPort("http", backendPort), containerPort("proxied", backendProxiedPort), containerPort(metricsPort, backendMetricsPort),
	}
}

// env is what the application reads; the Redis Service's output is REDIS_HOST.
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
		"TRUSTED_PROXIES":  pulumi.String("1"), // at backendProxiedPort alone
	}
	if a.Database.Certificates.on() {
		values["DATABASE_CERTIFICATES"] = pulumi.String(databaseFolder)
	}
	if a.Door.on() { // browsers come by https alone
		values["REFRESH_COOKIE"] = pulumi.String("__Host-refreshToken")
	}
	vars := env(values)
	for _, key := range []string{"DATABASE_PASSWORD", "DATABASE_PASSWORD_FALLBACK", "REDIS_PASSWORD", "SECRET_KEY", "SECRET_KEY_FALLBACKS"} {
		vars = append(vars, envSecret(key, secret, key))
	}
	return vars
}
