package review

import (
	"cmp"
	"maps"
	"slices"

	"hankki/internal/cluster"
	"hankki/internal/manifest"
)

// Op is the operation of a deployment on an object.
type Op string

// Operations, in the order of the output.
const (
	Created  Op = "created"
	Changed  Op = "changed"
	Replaced Op = "replaced"
	Deleted  Op = "deleted"
	Left     Op = "left" // removed from the state; the object stays in the cluster
)

// Ops are all operations, in order.
var Ops = []Op{Created, Changed, Replaced, Deleted, Left}

// Object is an object that the change affects.
type Object struct {
	Name    cluster.Object   `json:"object"`
	Tier    string           `json:"tier"`
	Op      Op               `json:"op"`
	Because []string         `json:"because,omitempty"` // for a replacement: the immutable fields
	Fields  []manifest.Field `json:"fields,omitempty"`
	Diff    string           `json:"diff"` // of the manifests, unified

	before, after manifest.Resource
}

// compare lists the objects that differ, by tier, operation and name.
func compare(before, after []manifest.Resource) ([]Object, error) {
	was, is := manifest.ByObject(before), manifest.ByObject(after)
	keys := maps.Clone(was)
	maps.Copy(keys, is)
	var all []Object
	for key := range keys {
		old, existed := was[key]
		now, exists := is[key]
		o := Object{before: old, after: now}
		switch {
		case !existed:
			o.Op = Created
		case !exists && old.Retained:
			o.Op = Left
		case !exists:
			o.Op = Deleted
		default:
			o.Fields = manifest.Compare(old.Object, now.Object)
			if len(o.Fields) == 0 {
				continue
			}
			o.Op, o.Because = Changed, manifest.Lines(manifest.Replacing(now, o.Fields))
			if len(o.Because) > 0 {
				o.Op = Replaced
			}
		}
		o.Name, o.Tier = nameAndTier(old, now)
		var err error
		if o.Diff, err = diff(o); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b Object) int {
		return cmp.Or(cmp.Compare(rank(a.Tier), rank(b.Tier)), cmp.Compare(a.Tier, b.Tier),
			cmp.Compare(slices.Index(Ops, a.Op), slices.Index(Ops, b.Op)), cmp.Compare(a.Name.String(), b.Name.String()))
	})
	return all, nil
}

func nameAndTier(old, now manifest.Resource) (cluster.Object, string) {
	if name, ok := now.Name(); ok {
		return name, now.Tier()
	}
	name, _ := old.Name()
	return name, old.Tier()
}

// tiers is the order of the output; other components follow.
var tiers = []string{"Frontend", "Backend", "Redis", "Postgres", "Namespace", "MetalLB"}

func rank(tier string) int {
	if i := slices.Index(tiers, tier); i >= 0 {
		return i
	}
	return len(tiers)
}
