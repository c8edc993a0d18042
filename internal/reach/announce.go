package reach

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/utils/ptr"

	"hankki/internal/metallb"
)

// unreached lists why the LAN can't reach the Service: it has no address, no node announces it, or no pod responds
// there. Empty if it is reachable.
func (s service) unreached(f *facts) []problem {
	if known := s.unaddressed(f); len(known) > 0 {
		return known
	}
	ready := f.readyNodes()
	if f.unknown["endpointslices"] == nil && len(ready) == 0 {
		return []problem{pass("no pod is ready, so no node announces %s", s.address)}
	}
	if f.unknown["servicel2statuses"] != nil || s.byBGP(f) {
		return nil // see unchecked
	}
	local := f.service.Spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal
	announcing := s.announcers(f)
	switch {
	case len(announcing) == 0:
		return s.silent(f, local, ready)
	case local && f.unknown["endpointslices"] == nil && !slices.ContainsFunc(announcing, func(n string) bool { return slices.Contains(ready, n) }):
		return []problem{pass("externalTrafficPolicy is Local, and %s, which announces %s, has no ready pod: ready pods are on %s",
			strings.Join(announcing, ", "), s.address, strings.Join(ready, ", "))}
	}
	return nil
}

// unchecked lists the checks that could not be made, for a warning. It is used if all other checks pass.
func (s service) unchecked(f *facts) (lines []string) {
	switch missing := f.unknown["servicel2statuses"]; {
	case s.byBGP(f):
		lines = append(lines, s.address+" is announced by BGP: whether a router accepts it was not checked")
	case missing != nil:
		lines = append(lines, fmt.Sprintf("whether MetalLB announces %s was not checked: %v", s.address, missing))
	}
	if missing := f.unknown["endpointslices"]; missing != nil {
		lines = append(lines, fmt.Sprintf("whether a pod responds at %s was not checked: %v", s.address, missing))
	}
	for _, why := range f.refused() {
		lines = append(lines, "MetalLB rejects its current configuration, and uses the previous one only until its pods restart: "+why)
	}
	return lines
}

// byBGP reports whether the address's pool is advertised only by BGP.
func (s service) byBGP(f *facts) bool {
	pool, held := f.poolOf(s.address)
	covers := func(a metallb.Advertisement) bool { return a.Covers(pool) }
	return held && slices.ContainsFunc(f.bgp, covers) && !slices.ContainsFunc(f.l2, covers)
}

// announcers lists the ready nodes that announce the Service. The status of a node that has just failed persists for
// a while, so unfit nodes are excluded.
func (s service) announcers(f *facts) (nodes []string) {
	for _, status := range f.statuses {
		if status.Status.ServiceNamespace != s.namespace || status.Status.ServiceName != s.name {
			continue
		}
		i := slices.IndexFunc(f.nodes, func(n corev1.Node) bool { return n.Name == status.Status.Node })
		if f.unknown["nodes"] != nil || i >= 0 && f.unfit(f.nodes[i]).text == "" {
			nodes = append(nodes, status.Status.Node)
		}
	}
	return nodes
}

// silent explains why no node announces the Service, which has its address and a ready pod.
func (s service) silent(f *facts, local bool, ready []string) []problem {
	known := s.unconfigured(f)
	pool, held := f.poolOf(s.address)
	if len(known) == 0 && held && f.unknown["l2advertisements"] == nil {
		known = s.unadvertised(f, pool)
	}
	if len(known) == 0 && f.unknown["nodes"] == nil {
		known = s.noNode(f, pool, local, ready)
	}
	if len(known) == 0 {
		known = []problem{{fmt.Sprintf("no node announces %s, and MetalLB reports no reason: see the logs of its speakers", s.address) + f.lastEvent(), unexplained}}
	}
	return known
}

// unadvertised reports that no L2Advertisement selects the pool.
func (s service) unadvertised(f *facts, pool metallb.Pool) []problem {
	if len(s.advertisements(f, pool)) > 0 {
		return nil
	}
	if !s.stack.hasPool() {
		return []problem{last("no L2Advertisement selects %s, which contains %s", pool, s.address)}
	}
	for _, a := range f.l2 {
		if a.Namespace == s.stack.Namespace && a.Name == s.stack.Advertisement {
			return []problem{last("L2Advertisement %s selects %s, not %s; %s", a, strings.Join(a.Spec.Pools, ", "), pool.Name, again)}
		}
	}
	return []problem{last("L2Advertisement %s/%s is missing; %s", s.stack.Namespace, s.stack.Advertisement, again)}
}

func (s service) advertisements(f *facts, pool metallb.Pool) []metallb.Advertisement {
	return slices.DeleteFunc(slices.Clone(f.l2), func(a metallb.Advertisement) bool { return !a.Covers(pool) })
}

// noNode lists the reason of each node that can't announce the Service; empty if one of them can.
func (s service) noNode(f *facts, pool metallb.Pool, local bool, ready []string) []problem {
	advertisements := s.advertisements(f, pool)
	why, patience := map[string][]string{}, lasting
	for _, node := range f.nodes {
		reason := f.unfit(node)
		selected := slices.ContainsFunc(advertisements, func(a metallb.Advertisement) bool { return a.Selects(node) })
		if reason.text == "" && len(advertisements) > 0 && !selected {
			reason = last("not selected by L2Advertisement %s", names(advertisements))
		}
		if reason.text == "" && local && f.unknown["endpointslices"] == nil && !slices.Contains(ready, node.Name) {
			reason = pass("without a ready pod, which externalTrafficPolicy Local requires")
		}
		if reason.text == "" {
			return s.wrongInterfaces(f, advertisements, node.Name)
		}
		why[reason.text] = append(why[reason.text], node.Name)
		patience = max(patience, reason.patience)
	}
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(why)) {
		parts = append(parts, strings.Join(why[reason], ", ")+": "+reason)
	}
	text := fmt.Sprintf("no node can announce %s:\n  %s", s.address, strings.Join(parts, "\n  "))
	if silenced := why[silencedText]; len(silenced) > 0 {
		text += fmt.Sprintf("\n  `kubectl label node %s %s-` allows them to announce", strings.Join(silenced, " "), excludeLabel)
	}
	return []problem{{text, patience}}
}

// wrongInterfaces is used if a node is fit to announce: then only the advertisements' interfaces can prevent it.
func (s service) wrongInterfaces(f *facts, advertisements []metallb.Advertisement, node string) []problem {
	for _, a := range advertisements {
		if message := f.event("announceFailed"); len(a.Spec.Interfaces) > 0 && message != "" {
			return []problem{last("L2Advertisement %s names the interfaces %s, which %s probably lacks: MetalLB reports %q",
				a, strings.Join(a.Spec.Interfaces, ", "), node, message)}
		}
	}
	return nil
}

func names(all []metallb.Advertisement) string {
	var found []string
	for _, a := range all {
		found = append(found, a.String())
	}
	return strings.Join(found, ", ")
}

// readyNodes lists the nodes of the Service's ready pods, one entry per pod; "" for a pod without a node.
func (f *facts) readyNodes() (nodes []string) {
	for _, slice := range f.endpoints {
		for _, e := range slice.Endpoints {
			if ready(e) && !slices.Contains(nodes, ptr.Deref(e.NodeName, "")) {
				nodes = append(nodes, ptr.Deref(e.NodeName, ""))
			}
		}
	}
	slices.Sort(nodes)
	return nodes
}

func ready(e discoveryv1.Endpoint) bool { return e.Conditions.Ready == nil || *e.Conditions.Ready }
