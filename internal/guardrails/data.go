package guardrails

import (
	"strings"

	"hankki/internal/manifest"
)

// holdsData maps the kinds whose deletion deletes more than the object itself to the reason.
var holdsData = map[string]string{
	"/PersistentVolumeClaim": "the data on its volume would be lost",
	"/PersistentVolume":      "the data on it would be lost",
	"/Namespace":             "everything in it would be deleted, including objects of others",
	"apiextensions.k8s.io/CustomResourceDefinition": "all objects of the kind would be deleted, including those of others",
}

// lostData finds objects that would be deleted now or by a later deletion, with data or with objects of others.
func lostData(c Change) ([]Violation, error) {
	var found []Violation
	after := manifest.ByObject(c.After)
	for key, was := range manifest.ByObject(c.Before) {
		name, _ := was.Name()
		loss, holds := holdsData[name.Kind.Group+"/"+name.Kind.Kind]
		if !holds {
			continue
		}
		now, stays := after[key]
		switch {
		case !stays && !was.Retained:
			found = append(found, violation(was, "it would be deleted, and %s", loss))
		case !stays:
		case was.Retained && !now.Retained:
			found = append(found, violation(now, "it would no longer be retained, so a later up or destroy could delete it: %s", loss))
		case !was.Retained:
			if fields := manifest.Replacing(now, manifest.Compare(was.Object, now.Object)); len(fields) > 0 {
				found = append(found, violation(now, "it would be replaced (%s), and %s", strings.Join(manifest.Lines(fields), "; "), loss))
			}
		}
	}
	return found, nil
}
