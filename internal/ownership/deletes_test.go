package ownership

import (
	"testing"

	"hankki/internal/state"
)

func TestDeletes(t *testing.T) {
	route := state.Key{Type: "hankki:components:Backend$kubernetes:core/v1:Service", Name: "backend-proxied"}
	ofChart := state.Key{Type: "hankki:components:MetalLB$kubernetes:helm.sh/v4:Chart$kubernetes:core/v1:Service", Name: "metallb:metallb-webhook-service"}
	image := state.Key{Type: "hankki:components:Image$docker-build:index:Image", Name: "redis"}
	has := func(keys ...state.Key) state.State {
		s := state.State{Resources: map[state.Key]state.Resource{}}
		for _, key := range keys {
			s.Resources[key] = state.Resource{Type: "kubernetes:core/v1:Service"}
		}
		s.Resources[image] = state.Resource{Type: "docker-build:index:Image"}
		return s
	}
	for name, c := range map[string]struct {
		wanted []Wanted
		has    state.State
		want   bool
	}{
		"an empty state":                     {[]Wanted{{Key: route}}, state.State{}, false},
		"all objects are wanted":             {[]Wanted{{Key: route}}, has(route), false},
		"one object is no longer wanted":     {nil, has(route), true},
		"an object of a chart, without pods": {nil, has(ofChart), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Deletes(c.wanted, c.has); got != c.want {
				t.Error(got)
			}
		})
	}
}
