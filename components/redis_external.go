package components

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	redisUsers        = "/run/hankki/redis" // folder of the file that redis.conf includes
	redisUsersWithout = "/run/hankki/users" // the ACL without the externally managed passwords

	// externalPasswords is the placeholder in the ACL for the hashes of the externally managed passwords.
	externalPasswords = "@kept-passwords@"
)

// redisExternalStart writes the ACL with the hashes of the passwords in KEPT_PASSWORD_1 and KEPT_PASSWORD_2, then executes its
// arguments. It uses only what sh, sed and sha256sum of both Debian and Alpine support.
const redisExternalStart = `set -eu
umask 077
hashes=
for password in "$KEPT_PASSWORD_1" "${KEPT_PASSWORD_2-}"; do
  [ -z "$password" ] || hashes="$hashes #$(printf %s "$password" | sha256sum | cut -d ' ' -f 1)"
done
unset password KEPT_PASSWORD_1 KEPT_PASSWORD_2
sed "s/ ` + externalPasswords + `/$hashes/" "$1/` + redisACLFile + `" >"$2/` + redisACLFile + `"
shift 2
exec "$@"`

// passwords returns the API's passwords that the stack stores itself, as Pulumi secrets.
func (a RedisArgs) passwords() pulumi.StringArray {
	own := pulumi.StringArray{}
	for _, s := range []Secret{a.Password, a.Fallback} {
		if !s.external() {
			own = append(own, s.Own)
		}
	}
	return own
}

// external returns the externally managed passwords. The order does not depend on which is the fallback, so swapping them does
// not restart Redis.
func (a RedisArgs) external() (external []External) {
	for _, s := range []Secret{a.Password, a.Fallback} {
		if s.external() {
			external = append(external, s.External)
		}
	}
	slices.SortFunc(external, func(x, y External) int { return cmp.Or(cmp.Compare(x.Secret, y.Secret), cmp.Compare(x.Key, y.Key)) })
	return external
}

// externalDigests returns the set of their digests, as Pulumi secrets.
func (a RedisArgs) externalDigests() pulumi.StringArrayOutput {
	digests := pulumi.StringArray{}
	for _, k := range a.external() {
		if k.Digest != nil {
			digests = append(digests, k.Digest)
		}
	}
	return digests.ToStringArrayOutput().ApplyT(func(digests []string) []string {
		digests = slices.DeleteFunc(slices.Clone(digests), func(d string) bool { return d == "" })
		slices.Sort(digests)
		return slices.Compact(digests)
	}).(pulumi.StringArrayOutput)
}

// annotations replace the pod when the set of externally managed passwords changes.
func (a RedisArgs) annotations() pulumi.StringMap {
	if !slices.ContainsFunc(a.external(), func(k External) bool { return k.Digest != nil }) {
		return nil
	}
	return annotated(a.externalDigests().ApplyT(func(digests []string) string { return strings.Join(digests, "\n") }).(pulumi.StringOutput))
}

// externalPasswordVariables returns the environment variables that redisExternalStart reads.
func externalPasswordVariables(external []External) (variables corev1.EnvVarArray) {
	for i, k := range external {
		variables = append(variables, Secret{External: k}.env(fmt.Sprintf("KEPT_PASSWORD_%d", i+1), nil, ""))
	}
	return variables
}
