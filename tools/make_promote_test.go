package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// A promotion uses the project, the backend, the passphrase and the cluster of the stack TO, with or without STACK.
func TestPromotionUsesTheBackendOfItsTarget(t *testing.T) {
	for name, stack := range map[string][]string{"without STACK": nil, "with that of FROM": {"STACK=dev"}, "with that of TO": {"STACK=onprem"}} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			fakeCommand(t, folder, "hankki", `echo "$@" >`+folder+`/arguments; env >`+folder+`/environment`)
			c := exec.Command("make", append([]string{
				"--old-file=tools", "--old-file=command", "HANKKI_COMMAND=" + folder + "/hankki", "promote", "FROM=dev", "TO=onprem",
			}, stack...)...)
			c.Dir = ".."
			c.Env = []string{
				"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(),
				"PULUMI_BACKEND_URL=s3://kitchen", "PULUMI_CONFIG_PASSPHRASE=tomato", "KUBECONFIG=/kitchen/kubeconfig", "DOCKER_CONFIG=/kitchen/docker",
			}
			if output, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			arguments := strings.Fields(testfile.Read(t, filepath.Join(folder, "arguments")))
			project, err := filepath.Abs("..")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := strings.Join(arguments, " "), "promote --cwd "+project+" --stack onprem --from dev"; got != want {
				t.Errorf("make runs hankki %s, want %s", got, want)
			}
			environment := strings.Split(testfile.Read(t, filepath.Join(folder, "environment")), "\n")
			for _, want := range c.Env[2:] {
				if !slices.Contains(environment, want) {
					t.Errorf("%s is not passed on", want)
				}
			}
			for _, variable := range environment {
				if strings.HasPrefix(variable, "PULUMI_CONFIG_PASSPHRASE_FILE=") {
					t.Errorf("the promotion uses %s", variable)
				}
			}
		})
	}
}
