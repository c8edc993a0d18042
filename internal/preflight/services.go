package preflight

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
)

// server is a server that network policies allow connections to.
type server struct {
	hostKey, portKey string // of the configuration
	setHost, setPort string // what the operator changes
	host             string // name or address
	port             int
}

// serversOf returns the PostgreSQL server and the endpoint of the backups' bucket.
func serversOf(c *config.Config) (servers []server) {
	if !c.Database.Embedded && c.Database.Host != "" {
		servers = append(servers, server{"database.host", "database.port", "hankki:database.host", "hankki:database.port", c.Database.Host, c.Database.Port})
	}
	if host, port := c.Backup.S3.Address(); c.Backup.InS3() && host != "" {
		servers = append(servers, server{"backup.s3.endpoint", "backup.s3.endpoint, port", "the host in hankki:backup.s3.endpoint", "the port in hankki:backup.s3.endpoint", host, port})
	}
	return servers
}

// services checks whether a server is a Service of the same cluster. kube-proxy translates a Service's address into a pod's before
// network policies are applied, so a rule for the Service's address or port matches no traffic, and connections time out. The check
// is skipped if the user may not read Services.
func services(ctx context.Context, c *config.Config, client *rest.Config) error {
	core, err := coreclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	var errs []error
	for _, s := range serversOf(c) {
		errs = append(errs, s.check(ctx, core, c.Namespace, client.Host))
	}
	return errors.Join(errs...)
}

func (s server) check(ctx context.Context, core *coreclient.CoreV1Client, own, cluster string) error {
	if address, err := netip.ParseAddr(s.host); err == nil {
		services, err := core.Services(metav1.NamespaceAll).List(ctx, metav1.ListOptions{})
		if err != nil {
			return unlessHidden(err, "%s %s: the cluster at %s did not list its Services: %w", s.hostKey, s.host, cluster, err)
		}
		return s.address(address, services.Items)
	}
	name, namespace, certain := serviceNamed(s.host, own)
	if name == "" {
		return nil
	}
	service, err := core.Services(namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		if certain {
			return fmt.Errorf("%s %q: the cluster at %s has no Service %s/%s: correct %s", s.hostKey, s.host, cluster, namespace, name, s.setHost)
		}
		return nil // a host outside the cluster
	}
	if err != nil {
		return unlessHidden(err, "%s %q: the cluster at %s did not return Service %s/%s: %w", s.hostKey, s.host, cluster, namespace, name, err)
	}
	return s.servicePort(service)
}

// unlessHidden returns the error, unless the user lacks permission.
func unlessHidden(err error, format string, args ...any) error {
	if apierrors.IsForbidden(err) {
		return nil
	}
	return fmt.Errorf(format, args...)
}

// address rejects an address that kube-proxy translates. With the Service's name instead, the network policy
// allows the port at any address.
func (s server) address(address netip.Addr, services []corev1.Service) error {
	for _, service := range services {
		if !slices.Contains(addressesOf(service.Spec, service.Status), address) {
			continue
		}
		return errors.Join(fmt.Errorf("%s %s is an address of Service %s/%s in the same cluster: the network policy would allow that address, but is applied to the addresses of its pods, so connections would time out; set %s to %q",
			s.hostKey, s.host, service.Namespace, service.Name, s.setHost, service.Name+"."+service.Namespace+".svc"), s.servicePort(&service))
	}
	return nil
}

// addressesOf lists the addresses that kube-proxy translates.
func addressesOf(spec corev1.ServiceSpec, status corev1.ServiceStatus) (addresses []netip.Addr) {
	texts := slices.Concat([]string{spec.ClusterIP}, spec.ClusterIPs, spec.ExternalIPs)
	for _, ingress := range status.LoadBalancer.Ingress {
		texts = append(texts, ingress.IP)
	}
	for _, text := range texts {
		if address, err := netip.ParseAddr(text); err == nil { // excludes "None"
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// serviceNamed resolves a host name as a pod in namespace does: NAME, NAME.NAMESPACE, NAME.NAMESPACE.svc and
// NAME.NAMESPACE.svc.DOMAIN. Only the last two are certainly Services. It returns empty strings for other names.
func serviceNamed(host, namespace string) (name, in string, certain bool) {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	switch {
	case len(labels) == 1:
		return labels[0], namespace, false
	case len(labels) == 2:
		return labels[0], labels[1], false
	case labels[2] == "svc":
		return labels[0], labels[1], true
	default:
		return "", "", false
	}
}

// servicePort rejects a port that kube-proxy translates into another one, which the network policy does not allow.
// Headless and ExternalName Services translate no port.
func (s server) servicePort(service *corev1.Service) error {
	if service.Spec.ClusterIP == corev1.ClusterIPNone || service.Spec.Type == corev1.ServiceTypeExternalName {
		return nil
	}
	var ports []string
	for _, p := range service.Spec.Ports {
		if int(p.Port) != s.port {
			ports = append(ports, strconv.Itoa(int(p.Port)))
			continue
		}
		if target := p.TargetPort.IntValue(); target != 0 && target != s.port { // 0: a named or unchanged port
			return fmt.Errorf("%s %d: Service %s/%s forwards it to port %d of its pods, which the network policy does not allow: give the Service the port of its pods and set %s to %[5]d",
				s.portKey, s.port, service.Namespace, service.Name, target, s.setPort)
		}
		return nil
	}
	return fmt.Errorf("%s %d: Service %s/%s has no such port: it has %s", s.portKey, s.port, service.Namespace, service.Name, strings.Join(ports, ", "))
}
