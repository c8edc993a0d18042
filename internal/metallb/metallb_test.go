package metallb

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestParseRange(t *testing.T) {
	for text, want := range map[string]string{ // empty: invalid
		"10.0.0.3-10.0.0.9": "10.0.0.3-10.0.0.9", "10.0.0.3 - 10.0.0.9": "10.0.0.3-10.0.0.9", "10.0.0.5/28": "10.0.0.0-10.0.0.15",
		"10.0.0.3/32": "10.0.0.3-10.0.0.3", "FD00:0::/126": "fd00::-fd00::3",
		"10.0.0.3": "", " 10.0.0.0/28": "", "10.0.0.0/28 ": "", "10.0.0.9-10.0.0.3": "", "10.0.0.3-fd00::3": "", "10.0.0.3-": "", "10.0.0.0/33": "", "": "", "a-b": "",
	} {
		r, err := ParseRange(text)
		if (err == nil) != (want != "") || err == nil && r.String() != want {
			t.Errorf("%q is %s, error %v", text, r, err)
		}
		if err != nil && !strings.Contains(err.Error(), fmt.Sprintf("%q", text)) {
			t.Errorf("the error does not name %q: %v", text, err)
		}
	}
}

func pool(name string, ranges ...string) Pool {
	p := Pool{ObjectMeta: metav1.ObjectMeta{Namespace: "lb", Name: name, Labels: map[string]string{"site": name}}}
	p.Spec.Addresses = ranges
	return p
}

func TestRejectedPools(t *testing.T) {
	for name, row := range map[string]struct {
		pools []Pool
		want  []string
	}{
		"none":              {nil, nil},
		"adjacent":          {[]Pool{pool("a", "10.0.0.3-10.0.0.9", "fd00::/64"), pool("b", "10.0.0.10-10.0.0.12")}, nil},
		"two that overlap":  {[]Pool{pool("a", "10.0.0.3-10.0.0.9"), pool("b", "10.0.0.0/28")}, []string{"IPAddressPool lb/a 10.0.0.3-10.0.0.9 overlaps with IPAddressPool lb/b 10.0.0.0/28"}},
		"one with itself":   {[]Pool{pool("a", "10.0.0.3-10.0.0.9", "10.0.0.9/32")}, []string{"IPAddressPool lb/a 10.0.0.3-10.0.0.9 overlaps with IPAddressPool lb/a 10.0.0.9/32"}},
		"no range":          {[]Pool{pool("a", "10.0.0.3")}, []string{`IPAddressPool lb/a: "10.0.0.3" is neither FROM-TO nor a prefix`}},
		"without addresses": {[]Pool{pool("a")}, []string{"IPAddressPool lb/a has no addresses"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Refused(row.pools); !slices.Equal(got, row.want) {
				t.Errorf("%q, not %q", got, row.want)
			}
		})
	}
}

func TestAllows(t *testing.T) {
	labelled := func(key, value string) []metav1.LabelSelector {
		return []metav1.LabelSelector{{MatchLabels: map[string]string{key: value}}}
	}
	s := corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "hankki", Labels: map[string]string{"tier": "api"}}}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"lan": "yes"}}}
	for name, row := range map[string]struct {
		only *Allocation
		want bool
	}{
		"all Services":                   {nil, true},
		"an empty allocation":            {&Allocation{}, true},
		"the namespace":                  {&Allocation{Namespaces: []string{"shop", "hankki"}}, true},
		"another namespace":              {&Allocation{Namespaces: []string{"shop"}}, false},
		"namespaces by label":            {&Allocation{NamespaceSelectors: labelled("lan", "yes")}, true},
		"other namespaces by label":      {&Allocation{NamespaceSelectors: labelled("lan", "no")}, false},
		"another namespace, or by label": {&Allocation{Namespaces: []string{"shop"}, NamespaceSelectors: labelled("lan", "yes")}, true},
		"the namespace, or by label":     {&Allocation{Namespaces: []string{"hankki"}, NamespaceSelectors: labelled("lan", "no")}, true},
		"Services by label":              {&Allocation{ServiceSelectors: labelled("tier", "api")}, true},
		"other Services by label":        {&Allocation{ServiceSelectors: labelled("tier", "web")}, false},
		"another namespace and Service":  {&Allocation{Namespaces: []string{"shop"}, ServiceSelectors: labelled("tier", "api")}, false},
	} {
		p := pool("a", "10.0.0.3-10.0.0.9")
		p.Spec.For = row.only
		if got := p.Allows(s, namespace); got != row.want {
			t.Errorf("a pool for %s allows the Service: %t", name, got)
		}
	}
}

func TestCovers(t *testing.T) {
	advertisement := func(pools []string, site string) Advertisement {
		a := Advertisement{ObjectMeta: metav1.ObjectMeta{Namespace: "lb"}}
		a.Spec.Pools = pools
		if site != "" {
			a.Spec.PoolSelectors = []metav1.LabelSelector{{MatchLabels: map[string]string{"site": site}}}
		}
		return a
	}
	elsewhere := advertisement(nil, "")
	elsewhere.Namespace = "other"
	for name, row := range map[string]struct {
		a    Advertisement
		want bool
	}{
		"all pools": {advertisement(nil, ""), true}, "by name": {advertisement([]string{"b", "a"}, ""), true}, "another": {advertisement([]string{"b"}, ""), false},
		"by label": {advertisement(nil, "a"), true}, "another label": {advertisement(nil, "b"), false}, "another name, by label": {advertisement([]string{"b"}, "a"), true},
		"in another namespace": {elsewhere, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := row.a.Covers(pool("a")); got != row.want {
				t.Errorf("it covers the pool: %t", got)
			}
		})
	}
}
