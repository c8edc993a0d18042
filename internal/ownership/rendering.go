package ownership

import (
	"fmt"
	"strings"

	"hankki/internal/state"
)

// CheckRendering refuses render.directory on a stack whose objects are on a cluster, and a deployment of a stack whose objects
// are files. One state can't describe both: the engine would take the one for the other and leave out what it takes for done.
func CheckRendering(directory string, has state.State) error {
	rendered, deployed := "", false
	for _, r := range has.Resources {
		switch {
		case r.Type == "pulumi:providers:kubernetes":
			rendered, _ = r.Outputs["renderYamlToDirectory"].(string)
		case strings.HasPrefix(r.Type, "kubernetes:"):
			deployed = true
		}
	}
	switch {
	case !deployed || (rendered == "") == (directory == ""):
		return nil
	case rendered == "":
		return fmt.Errorf("render.directory %q can't be set, for the objects of this stack are on a cluster: remove it; `make render` writes manifests without the stack's state", directory)
	default:
		return fmt.Errorf("render.directory can't be removed, for the objects of this stack are only files in %q: deploy a stack of another name, or empty this one with `pulumi destroy`", rendered)
	}
}
