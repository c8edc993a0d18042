package components

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/buildcontext"
)

// ContextDigester builds no image. It returns repository@sha256:… with the digest of the build context and the build
// arguments, so two renderings differ exactly where an image would be rebuilt.
type ContextDigester struct{}

func (ContextDigester) build(_ *pulumi.Context, _ string, args ImageArgs, _ pulumi.ResourceOption) (pulumi.StringOutput, error) {
	digest, err := contextDigest(args.Context, args.BuildArgs)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("digest of the context %s: %w", args.Context, err)
	}
	return pulumi.String(args.Repository + "@sha256:" + digest).ToStringOutput(), nil
}

// contextDigest is the SHA-256, in hex, of the arguments and of path, permission and content of each file in the build
// context.
func contextDigest(dir string, buildArgs map[string]string) (string, error) {
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(buildArgs); err != nil { // encoding/json sorts the keys
		return "", fmt.Errorf("build arguments: %w", err)
	}
	err := buildcontext.Walk(dir, func(path, relative string, _ bool, entry fs.DirEntry) error {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		// Git records only the executable bit; the other bits follow the umask of the checkout.
		fmt.Fprintf(sum, "%q %v %t %d\n", filepath.ToSlash(relative), info.Mode().Type(), info.Mode()&0o100 != 0, info.Size())
		if entry.Type() == fs.ModeSymlink { // the build context contains the link, not its target
			target, err := os.Readlink(path)
			fmt.Fprintf(sum, "%q\n", target)
			return err
		}
		return buildcontext.AddContent(sum, path)
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
