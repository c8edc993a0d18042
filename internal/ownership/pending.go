package ownership

import (
	"fmt"
	"slices"
	"strings"

	"hankki/internal/state"
)

// CheckPending refuses an up that would carry out a deletion that an interrupted one has left in the state, where the object holds
// data, or is one that the stack has or wants: Pulumi deletes by name, and so what the program has just applied. Versions with an owner
// don't leave such deletions: they keep claims and namespaces, and move nothing.
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
			lines = append(lines, object.String()+", with what is in it")
		}
	}
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	return fmt.Errorf("an interrupted up of an earlier version has left deletions in the state, and this up would carry them out:\n  %s\n"+
		"  ways out: `pulumi stack import --file` of the state before that up, if you have it (a local backend keeps them in .pulumi/backups); "+
		"or `pulumi stack export | jq 'del(.deployment.resources[] | select(.delete))' | pulumi stack import`, which drops all deletions that are left: "+
		"their objects stay, and those that the stack does not want are yours to remove", strings.Join(slices.Compact(lines), "\n  "))
}
