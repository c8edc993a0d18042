package staging

import (
	"fmt"
	"maps"
	"slices"

	pulumi "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"hankki/internal/config"
)

// Rendering makes a stack's program write manifests instead of using a cluster.
type Rendering struct {
	Directory string // of the manifests
	Charts    Charts
}

// withoutSecrets replaces the stack's secrets by placeholders of their ciphertexts, so that nothing is decrypted. A secret in
// plain text is removed: a digest of it would help to guess it.
func (r Rendering) withoutSecrets(stack *workspace.ProjectStack) error {
	stack.SecretsProvider, stack.EncryptedKey, stack.EncryptionSalt = "", "", ""
	for key, value := range maps.Clone(stack.Config) {
		secret := config.IsSecret(key.String())
		if !secret && !value.Secure() {
			continue
		}
		delete(stack.Config, key)
		if !secret || !value.Secure() || value.Object() {
			continue
		}
		ciphertext, err := value.Value(pulumi.NopDecrypter)
		if err != nil {
			return fmt.Errorf("secret %q: %w", key, err)
		}
		stack.Config[key] = pulumi.NewValue(config.Placeholder(ciphertext))
	}
	return nil
}

// merge sets the directory, and the charts that the stack installs. A chart that the stack configures is kept, so a chart
// repository is contacted only if the stack names one. Generated names have no random suffix, so that two renderings differ only
// where objects differ.
func (r Rendering) merge(stack *workspace.ProjectStack) error {
	if err := merge(stack, []string{"hankki:render.directory=" + r.Directory, "pulumi:autonaming.mode=verbatim"}); err != nil {
		return err
	}
	role, err := roleOf(stack)
	if err != nil || role == config.RoleSite { // the platform's stack has the charts
		return err
	}
	installs, err := get(stack, metricsServer+".install")
	if err != nil {
		return err
	}
	for _, section := range slices.Sorted(maps.Keys(r.Charts)) {
		chart, err := get(stack, section+".chart")
		if err != nil {
			return err
		}
		if chart != "" || section == metricsServer && installs != "true" {
			continue
		}
		if err := set(stack, section+".chart.path", r.Charts[section]); err != nil {
			return err
		}
	}
	return nil
}

// metricsServer is the section of a chart that most stacks do not install.
const metricsServer = config.Project + ":metricsServer"

// Charts are the folders of Helm charts, by the section of the configuration, e.g. hankki:metallb.
type Charts map[string]string
