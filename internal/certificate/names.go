package certificate

import (
	"crypto/x509"
	"fmt"
	"net"
	"slices"
	"strings"
)

// checkNames requires the certificate to be valid for each host.
func checkNames(cert *x509.Certificate, hosts []string) (errs []error) {
	usable := *cert
	usable.DNSNames = slices.DeleteFunc(slices.Clone(cert.DNSNames), isNarrow)
	for _, host := range hosts {
		host = strings.Trim(host, "[]")
		if usable.VerifyHostname(host) == nil {
			continue
		}
		reason := ""
		switch {
		case net.ParseIP(host) != nil && slices.Contains(cert.DNSNames, host):
			reason = fmt.Sprintf(": %s is a DNS name in it, and clients compare an address only with IP addresses; request it as an IP address", host)
		case cert.VerifyHostname(host) == nil:
			reason = ": browsers accept a wildcard only with at least two labels after `*.`; request the name itself"
		}
		errs = append(errs, fmt.Errorf("the certificate is valid for %s, not for %s%s", Names(cert), host, reason))
	}
	return errs
}

// isNarrow reports whether the name is a wildcard with one label, such as *.lan, which browsers reject.
func isNarrow(name string) bool { return strings.HasPrefix(name, "*.") && strings.Count(name, ".") < 2 }

// Names lists the names and addresses that the certificate is valid for in browsers, which ignore its common name.
func Names(cert *x509.Certificate) string {
	names := slices.Clone(cert.DNSNames)
	for _, address := range cert.IPAddresses {
		names = append(names, address.String())
	}
	if len(names) == 0 {
		return "no host (it has no subject alternative names)"
	}
	return strings.Join(names, ", ")
}

// name returns the common name, or else the subject alternative names, the subject or the serial number.
func name(cert *x509.Certificate) string {
	switch {
	case cert.Subject.CommonName != "":
		return "CN=" + cert.Subject.CommonName
	case len(cert.DNSNames)+len(cert.IPAddresses) > 0:
		return Names(cert)
	case len(cert.Subject.Names) > 0:
		return cert.Subject.String()
	}
	return "serial number " + cert.SerialNumber.String()
}

// SplitHosts splits hosts into names and addresses.
func SplitHosts(hosts []string) (names []string, addresses []net.IP) {
	for _, host := range hosts {
		if address := net.ParseIP(host); address != nil {
			addresses = append(addresses, address)
		} else {
			names = append(names, host)
		}
	}
	return names, addresses
}
