package change

// Preparation is a change of the lab that a row needs; 0: none. Package e2e implements it. It is not a string, so the compiler rejects
// an unknown name.
type Preparation int

// Preparations of the rows.
const (
	_                Preparation = iota
	MetricsServer                // the add-on is built
	MonitoringAddOn              // the add-on is installed
	RegistryUser                 // a second user of the registry, with the same password
	BuildxInstance               // a second buildx instance of the same BuildKit
	OtherBaseImages              // base images that differ by a label
	ChartCopied                  // MetalLB's chart in a folder
	ChartWithNewPods             // the same with changed pods
	DatabaseAddress              // a second address of PostgreSQL's host
	DatabaseCopied               // the embedded database, copied to PostgreSQL's host
	Vault                        // a Secret with the stack's secrets
	VaultChanged                 // the same with another signing key
	VaultOfDev                   // a Secret with the generated secrets of dev
	PullSecret                   // a pull Secret, and a login of this machine
)
