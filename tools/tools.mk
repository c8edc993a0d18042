# The toolchain. A Pulumi CLI or plugin of the pinned version that is there already is used as it is.
.PHONY: packages tools doctor
packages:
	@tools/packages.sh tools/packages lab/packages

tools: packages ## the pinned toolchain, built from the Go module proxy
	@tools/toolchain.sh

doctor: ## what this machine lacks, and how to get it
	@tools/doctor.sh
