package components

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// Users of Redis. The default user, which unauthenticated clients have, is off. No user has administrative commands: the
// configuration changes only by a deployment.
const (
	redisUser    = "api"
	redisMonitor = "monitor" // for probes and metrics
)

const (
	// redisUserRules allow the API its own keys and the commands for the data types it uses; see
	// images/backend/app/{sessions,limits,cache}.py. A script runs with the rights of its caller. "connection" is allowed
	// for the client libraries' handshake. Its dangerous commands are removed with all others.
	redisUserRules = "~session:* ~sessions:* ~limit:* ~cache:* resetchannels " +
		"-@all +@connection +@transaction +@string +@hash +@sortedset " +
		"+del +unlink +exists +expire +pexpire +ttl +pttl +eval +evalsha +time " +
		"-@dangerous -@admin -@blocking"
	// redisDefaultRules apply to the default user, as which no client can log in. Redis replays its append-only file as
	// this user and skips commands that the user may not run. Without these rules a restart loses every transaction and
	// script, which means every session.
	redisDefaultRules = "~* resetchannels +@all"
	// redisMonitorRules allow no keys and no command that shows other clients' commands.
	redisMonitorRules = "resetkeys resetchannels -@all +ping +info +slowlog|len +latency|latest +latency|histogram"
)

// redisACL returns the ACL part of redis.conf and the monitor's password. All non-empty passwords of the API are valid.
// Externally managed passwords enter only as digests: the pod replaces externalPasswords by their hashes.
//
// Passwords are stored as hashes, so they may contain any character. The text depends only on the set of passwords, so
// swapping password and fallback while both are valid does not restart Redis. The monitor's password is derived from the
// set. It therefore changes with the set, and it does not give access as the API's user.
func redisACL(passwords []string, external bool, externalDigests []string) (acl, monitorPassword string) {
	var hashes []string
	for _, p := range passwords {
		if p != "" {
			hashes = append(hashes, sha256Hex(p))
		}
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	monitorPassword = sha256Hex(redisMonitor + " " + strings.Join(slices.Concat(hashes, externalDigests), " "))
	var good strings.Builder
	for _, hash := range hashes {
		good.WriteString(" #" + hash)
	}
	if external {
		good.WriteString(" " + externalPasswords)
	}
	return fmt.Sprintf("user default off %s\nuser %s on%s %s\nuser %s on #%s %s\n",
		redisDefaultRules, redisUser, good.String(), redisUserRules,
		redisMonitor, sha256Hex(monitorPassword), redisMonitorRules), monitorPassword
}

func sha256Hex(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
