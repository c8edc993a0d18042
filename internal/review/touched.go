package review

import (
	"strings"
)

// Touched is an object that holds an address or data.
type Touched struct {
	Object string   `json:"object"`
	Op     Op       `json:"op"`
	How    []string `json:"how,omitempty"` // the fields that differ
}

// Kinds of objects that decide about addresses on the network, and that hold data or more objects.
var (
	addressKinds = []string{"/Service", "metallb.io/IPAddressPool", "metallb.io/L2Advertisement", "metallb.io/BGPAdvertisement"}
	dataKinds    = []string{"/PersistentVolumeClaim", "/PersistentVolume", "/Namespace", "apiextensions.k8s.io/CustomResourceDefinition"}
)

// touched are the objects of the kinds that differ in more than what only describes them.
func touched(objects []Object, kinds []string) []Touched {
	all := []Touched{}
	for _, o := range objects {
		for _, kind := range kinds {
			if o.Name.Kind.Group+"/"+o.Name.Kind.Kind != kind {
				continue
			}
			t := Touched{Object: o.Name.String(), Op: o.Op}
			for _, f := range o.Fields {
				if _, described := f.Under("metadata.labels"); !described {
					t.How = append(t.How, f.String())
				}
			}
			if len(o.Fields) == 0 || len(t.How) > 0 {
				t.How = append(t.How, addressOf(o)...)
				all = append(all, t)
			}
		}
	}
	return all
}

// addressOf is the address of a Service that comes or goes.
func addressOf(o Object) []string {
	if o.Op == Changed || o.Op == Replaced {
		return nil
	}
	object := o.after.Object
	if object == nil {
		object = o.before.Object
	}
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	for key, value := range annotations {
		if text, ok := value.(string); ok && strings.HasSuffix(key, "/loadBalancerIPs") {
			return []string{"address " + text}
		}
	}
	return nil
}
