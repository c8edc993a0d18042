package guardrails

import (
	"fmt"
	"os"
	"path/filepath"
)

// Link makes this executable, the command hankki, a policy pack in the folder. Pulumi starts it by the returned path.
func Link(folder string) (pack string, err error) {
	executable, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding the command's executable: %w", err)
	}
	pack = filepath.Join(folder, PackName)
	return pack, os.Symlink(executable, pack)
}
