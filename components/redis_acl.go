package components

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// The users of Redis. Its default user, which clients are that do not log in, is off, and nobody has the commands of
// an administrator: whoever wants another configuration deploys it.
const (
	redisUser    = "api"
	redisMonitor = "monitor" // for probes and metrics
)

const (
	// redisUserRules allow the API its own keys and the commands on the kinds of values that it keeps; see
	// images/backend/app/{sessions,limits,cache}.py. Scripts have no more rights than who sends them. "connection" is
	// there for what client libraries say about themselves; its dangerous part is taken away with the others'.
	redisUserRules = "~session:* ~sessions:* ~limit:* ~cache:* resetchannels " +
		"-@all +@connection +@transaction +@string +@hash +@sortedset " +
		"+del +unlink +exists +expire +pexpire +ttl +pttl +eval +evalsha +time " +
		"-@dangerous -@admin -@blocking"
	// redisDefaultRules are those of the user that nobody can be: Redis replays its append-only file in that user's name, and
	// skips what the user may not do. Without them a restart loses every transaction and script, that is, every session.
	redisDefaultRules = "~* resetchannels +@all"
	// redisMonitorRules allow no key, and no command that shows what others said.
	redisMonitorRules = "resetkeys resetchannels -@all +ping +info +slowlog|len +latency|latest +latency|histogram"
)

// redisACL is the part of redis.conf that says who may do what, and the monitor's password. Every one of the API's
// passwords is good; those that are empty count as absent. Of passwords that others keep there are digests alone: the pod itself
// puts their hashes in the place of keptPasswords.
//
// Passwords stand as hashes, so they may hold any sign. The text depends on the set of them alone: where one takes the
// other's place, while both are good, Redis need not restart. The monitor's password follows from them, so that it is
// changed with them and lets nobody be the API.
func redisACL(passwords []string, kept bool, keptDigests []string) (acl, monitorPassword string) {
	var hashes []string
	for _, p := range passwords {
		if p != "" {
			hashes = append(hashes, sha256Hex(p))
		}
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	monitorPassword = sha256Hex(redisMonitor + " " + strings.Join(slices.Concat(hashes, keptDigests), " "))
	var good strings.Builder
	for _, hash := range hashes {
		good.WriteString(" #" + hash)
	}
	if kept {
		good.WriteString(" " + keptPasswords)
	}
	return fmt.Sprintf("user default off %s\nuser %s on%s %s\nuser %s on #%s %s\n",
		redisDefaultRules, redisUser, good.String(), redisUserRules,
		redisMonitor, sha256Hex(monitorPassword), redisMonitorRules), monitorPassword
}

func sha256Hex(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
