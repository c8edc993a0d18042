package preflight

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"hankki/internal/config"
	"hankki/internal/metallb"
)

// serviceLBLabel is on the DaemonSets of k3s' servicelb.
const serviceLBLabel = "svccontroller.k3s.cattle.io/svcname"

// installation checks that there is exactly one MetalLB: the stack's, or an existing one that serves the stack.
func (l *lan) installation() error {
	m := l.config.MetalLB
	if m.Manage == config.ManageInstall {
		if err := l.second(); err != nil {
			return errors.Join(err, l.unserving()) // because the error suggests to use that one
		}
		return nil
	}
	var errs []error
	if l.stack.Has("CustomResourceDefinition", metav1.ObjectMeta{Name: "ipaddresspools.metallb.io"}) {
		errs = append(errs, fmt.Errorf("metallb.manage is %q, but this stack installed MetalLB: this update would delete it, and every Service of the cluster would lose its address; "+
			"set metallb.manage %q, or remove MetalLB from the state with `pulumi state delete` to keep it in the cluster", m.Manage, config.ManageInstall))
	}
	running := l.running()
	if len(running) == 0 {
		errs = append(errs, l.missing())
	}
	if m.Manage == config.ManagePools && len(running) > 0 && !slices.Contains(running, m.Namespace) {
		errs = append(errs, fmt.Errorf("metallb.namespace is %q, but MetalLB runs in %s and reads only the pools there: set metallb.namespace %q",
			m.Namespace, strings.Join(running, ", "), running[0]))
	}
	return errors.Join(append(errs, l.unserving())...)
}

// missing returns the error, or adds the warning, for a cluster in which no controller of MetalLB is found.
func (l *lan) missing() error {
	_, hidden := l.unknown["deployments"]
	manage := l.config.MetalLB.Manage
	switch unknown := apierrors.IsNotFound(l.unknown["ipaddresspools"]); {
	case unknown && l.config.Role == config.RoleSite:
		return errors.New("role is \"site\", but the cluster does not know IPAddressPool of metallb.io/v1beta1: deploy the platform's stack first")
	case unknown:
		return fmt.Errorf("metallb.manage is %q, but the cluster does not know IPAddressPool of metallb.io/v1beta1: install MetalLB, or set metallb.manage %q",
			manage, config.ManageInstall)
	case !hidden:
		l.warnings = append(l.warnings, fmt.Sprintf("metallb.manage is %q, but no controller of MetalLB is found in the cluster, so Services may get no address: install MetalLB, or set metallb.manage %q",
			manage, config.ManageInstall))
	}
	return nil
}

// running lists the namespaces with a controller of MetalLB.
func (l *lan) running() (namespaces []string) {
	for _, d := range l.controllers {
		if metallb.IsController(d.Labels) && !slices.Contains(namespaces, d.Namespace) {
			namespaces = append(namespaces, d.Namespace)
		}
	}
	slices.Sort(namespaces)
	return namespaces
}

// unserving lists each MetalLB that would not serve the stack's Services: one that is too old, or, if all have a
// loadBalancerClass, each of these.
func (l *lan) unserving() error {
	var old, classed []error
	all := true
	for _, d := range l.controllers {
		if !metallb.IsController(d.Labels) {
			continue
		}
		if version, known := versionOf(d); known && slices.Compare(version, addressesSince) < 0 {
			old = append(old, fmt.Errorf("MetalLB %s in the namespace %s does not know the annotation %s, with which Services request an address: upgrade it to 0.14.9 or later",
				dotted(version), d.Namespace, metallb.AddressAnnotation))
		}
		class, _ := metallb.Flag(d.Spec.Template.Spec, "lb-class")
		if all = all && class != ""; class != "" {
			classed = append(classed, fmt.Errorf("MetalLB in the namespace %s serves only Services of the loadBalancerClass %q, and those of the stack have none: start its controller and speakers without --lb-class",
				d.Namespace, class))
		}
	}
	if !all {
		classed = nil
	}
	return errors.Join(append(old, classed...)...)
}

// second rejects a second MetalLB: its speakers would wait for host ports that those of the first use.
func (l *lan) second() error {
	var errs []error
	for _, d := range l.speakers {
		own := d.Namespace == l.config.MetalLB.Namespace && d.Name == "metallb-speaker" || l.stack.Owns("DaemonSet", d.ObjectMeta)
		if metallb.IsSpeaker(d.Labels) && !own {
			errs = append(errs, fmt.Errorf("metallb.manage is %q, but MetalLB runs already (DaemonSet %s/%s), and a second one can't start beside it: set metallb.manage %q or %q, and metallb.namespace %s",
				config.ManageInstall, d.Namespace, d.Name, config.ManagePools, config.ManageNone, d.Namespace))
		}
	}
	return errors.Join(errs...)
}

// addressesSince is the first version of MetalLB that knows metallb.AddressAnnotation.
var addressesSince = []int{0, 14, 9}

var version = regexp.MustCompile(`^v?(\d+)\.(\d+)\.(\d+)`)

// versionOf returns the version in the tag of the controller's image; nil for a digest or another tag.
func versionOf(d appsv1.Deployment) (numbers []int, known bool) {
	for _, container := range d.Spec.Template.Spec.Containers {
		image, _, _ := strings.Cut(container.Image, "@")
		name := image[strings.LastIndex(image, "/")+1:]
		_, tag, _ := strings.Cut(name, ":")
		match := version.FindStringSubmatch(tag)
		if !strings.Contains(name, "controller") || match == nil {
			continue
		}
		for _, text := range match[1:] {
			number, _ := strconv.Atoi(text) // they are digits
			numbers = append(numbers, number)
		}
		return numbers, true
	}
	return nil, false
}

func dotted(numbers []int) string { return fmt.Sprintf("%d.%d.%d", numbers[0], numbers[1], numbers[2]) }

// proxies rejects components that also respond for the addresses: kube-proxy in mode ipvs without strictARP, and k3s'
// servicelb.
func (l *lan) proxies() error {
	var errs []error
	var proxy struct {
		Mode string `yaml:"mode"`
		IPVS struct {
			StrictARP bool `yaml:"strictARP"`
		} `yaml:"ipvs"`
	}
	// An unreadable configuration is ignored.
	if err := yaml.Unmarshal([]byte(l.kubeProxy.Data["config.conf"]), &proxy); err == nil && proxy.Mode == "ipvs" && !proxy.IPVS.StrictARP {
		errs = append(errs, errors.New("kube-proxy runs in the mode ipvs without strictARP, so every node responds to ARP requests for the addresses of Services: set `ipvs: {strictARP: true}` in the ConfigMap kube-system/kube-proxy, and restart kube-proxy"))
	}
	if len(l.serviceLB) > 0 {
		var names []string
		for _, d := range l.serviceLB {
			names = append(names, d.Namespace+"/"+d.Name)
		}
		slices.Sort(names)
		errs = append(errs, fmt.Errorf("k3s' servicelb is on (DaemonSet %s), and assigns the nodes' addresses to LoadBalancer Services instead of MetalLB's: start k3s with --disable=servicelb, and delete its DaemonSets",
			strings.Join(names, ", ")))
	}
	return errors.Join(errs...)
}

func nodeAddresses(node corev1.Node) (found []string) {
	for _, a := range node.Status.Addresses {
		if a.Type == corev1.NodeInternalIP || a.Type == corev1.NodeExternalIP {
			found = append(found, metallb.Canonical(a.Address))
		}
	}
	return found
}

// parse returns the zero address, which no range contains, for invalid text.
func parse(address string) netip.Addr {
	a, _ := netip.ParseAddr(address)
	return a
}
