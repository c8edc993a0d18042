package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/metallb"
)

// excludeLabel excludes a node: MetalLB announces no address from it. kubeadm gives it to control-plane nodes.
const excludeLabel = corev1.LabelNodeExcludeBalancers

const silencedText = "has the label " + excludeLabel

// unfit returns why MetalLB can't announce from a node; its text is empty if it can.
func (f *facts) unfit(node corev1.Node) problem {
	_, silenced := node.Labels[excludeLabel]
	if silenced && !f.ignoresExclusion() {
		return last("%s", silencedText)
	}
	for _, c := range node.Status.Conditions {
		switch {
		case c.Type == corev1.NodeReady && c.Status != corev1.ConditionTrue:
			return pass("is not ready")
		case c.Type == corev1.NodeNetworkUnavailable && c.Status == corev1.ConditionTrue:
			return pass("has no network (condition NetworkUnavailable)")
		}
	}
	if f.unknown["pods"] != nil {
		return problem{}
	}
	speaker := slices.IndexFunc(f.pods, func(p corev1.Pod) bool { return metallb.IsSpeaker(p.Labels) && p.Spec.NodeName == node.Name })
	switch {
	case speaker < 0:
		return last("has no speaker pod of MetalLB")
	case !podReady(f.pods[speaker]):
		return pass("its speaker pod %s/%s is not ready", f.pods[speaker].Namespace, f.pods[speaker].Name)
	}
	return problem{}
}

// ignoresExclusion reports whether MetalLB also announces from excluded nodes.
func (f *facts) ignoresExclusion() bool {
	value, given := f.flag(metallb.IsSpeaker, "ignore-exclude-lb")
	return given && value != "false"
}

// controller reports that MetalLB's controller, which assigns addresses, does not run.
func (f *facts) controller() []problem {
	if f.unknown["pods"] != nil {
		return nil
	}
	var found []string
	for _, pod := range f.pods {
		switch {
		case !isController(pod.Labels):
		case podReady(pod):
			return nil
		default:
			found = append(found, pod.Namespace+"/"+pod.Name)
		}
	}
	if len(found) == 0 {
		return []problem{last("the cluster has no controller pod of MetalLB, which assigns addresses: install MetalLB or scale up its controller")}
	}
	return []problem{pass("MetalLB's controller, which assigns addresses, is not ready: pod %s", strings.Join(found, ", "))}
}

func isController(labels map[string]string) bool { return metallb.IsController(labels) }

func podReady(pod corev1.Pod) bool {
	return pod.DeletionTimestamp == nil && slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// event returns the message of the latest warning about the Service with this reason; empty matches any reason.
func (f *facts) event(reason string) string {
	e := f.newest(reason)
	return strings.TrimSpace(e.Message)
}

// lastEvent returns the latest warning about the Service, as the end of a sentence.
func (f *facts) lastEvent() string {
	e := f.newest("")
	if e.Message == "" {
		return ""
	}
	return fmt.Sprintf("; its last warning, at %s: %s: %s", e.LastTimestamp.UTC().Format(time.RFC3339), e.Reason, strings.TrimSpace(e.Message))
}

func (f *facts) newest(reason string) (newest corev1.Event) {
	for _, e := range f.events {
		if (reason == "" || e.Reason == reason) && !e.LastTimestamp.Before(&newest.LastTimestamp) {
			newest = e
		}
	}
	return newest
}

// statusOf lists the addresses in the Service's status.
func statusOf(s corev1.Service) (held []string) {
	for _, ingress := range s.Status.LoadBalancer.Ingress {
		held = append(held, cmp.Or(metallb.Canonical(ingress.IP), ingress.Hostname)) // a host name is set by another load balancer
	}
	return held
}

func holds(s corev1.Service, address string) bool { return slices.Contains(metallb.Holds(s), address) }

func requestedAddress(s corev1.Service) string {
	return strings.Join(metallb.RequestedAddresses(s), ", ")
}

func describe(pools []metallb.Pool) string {
	var found []string
	for _, p := range pools {
		found = append(found, fmt.Sprintf("%s (%s)", p, strings.Join(p.Spec.Addresses, ", ")))
	}
	if len(found) == 0 {
		return "none"
	}
	return strings.Join(found, ", ")
}
