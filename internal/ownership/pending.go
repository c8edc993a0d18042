package ownership

import (
	"fmt"
	"slices"
	"strings"

	"hankki/internal/state"
)

// CheckPending rejects an up that would make a deletion left in the state by an interrupted one, if the object has
// data, or if the stack has or wants it: Pulumi deletes by name, and would delete the object just applied. Releases
// with an owner leave no such deletions: they retain claims and namespaces, and move no objects.
func (p Plan) CheckPending(pending []state.Pending) error {
	var lines []string
	for _, r := range pending {
		object, _, ok := objectOf(r.Outputs)
		if !ok || r.Retained || !strings.HasPrefix(r.Type, "kubernetes:") {
			continue
		}
		_, wanted := p.Objects[object]
		switch {
		case wanted || p.Has[object]:
			lines = append(lines, object.String()+", which the stack wants")
		case kept[object.Kind]:
			lines = append(lines, object.String()+", with its contents")
		}
	}
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	return fmt.Errorf("an interrupted up of an earlier version has left deletions in the state, and this up would make them:\n  %s\n"+
		"  ways out: `pulumi stack import --file` of the state before that up, if you have it (a local backend keeps them in .pulumi/backups); "+
		"or `pulumi stack export | jq 'del(.deployment.resources[] | select(.delete))' | pulumi stack import`, which removes all pending deletions from the state: "+
		"their objects stay; delete those that the stack does not need", strings.Join(slices.Compact(lines), "\n  "))
}
