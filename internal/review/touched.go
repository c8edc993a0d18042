package review

import (
	corev1 "k8s.io/api/core/v1"

	"hankki/internal/manifest"
	"hankki/internal/metallb"
)

// Touched is an object that has an address or data.
type Touched struct {
	Object string   `json:"object"`
	Op     Op       `json:"op"`
	How    []string `json:"how,omitempty"` // changed fields
}

// Kinds of objects with network addresses, and of objects that contain data or other objects.
var (
	addressKinds = []string{"/Service", "metallb.io/IPAddressPool", "metallb.io/L2Advertisement", "metallb.io/BGPAdvertisement"}
	dataKinds    = []string{"/PersistentVolumeClaim", "/PersistentVolume", "/Namespace", "apiextensions.k8s.io/CustomResourceDefinition"}
)

// touched lists the objects of these kinds whose differences exceed labels and annotations.
func touched(objects []Object, kinds []string) ([]Touched, error) {
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
				addresses, err := addressesOf(o)
				if err != nil {
					return nil, err
				}
				t.How = append(t.How, addresses...)
				all = append(all, t)
			}
		}
	}
	return all, nil
}

// addressesOf lists the addresses of a Service that is created or deleted.
func addressesOf(o Object) (texts []string, err error) {
	if o.Op == Changed || o.Op == Replaced || !o.Name.Is("", "Service") {
		return nil, nil
	}
	object := o.after.Object
	if object == nil {
		object = o.before.Object
	}
	service, err := manifest.Decode[corev1.Service](object)
	for _, address := range metallb.RequestedAddresses(service) {
		texts = append(texts, "address "+address)
	}
	return texts, err
}
