package io.containerkit.image;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/// What can be told from an IP address.
final class Addresses {

  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private Addresses() {}

  /// The address that a host of a URL writes out, IPv6 in brackets; empty for a name. Never asks the DNS.
  static Optional<InetAddress> literal(String host) {
    var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (!IPV4.matcher(bare).matches() && bare.indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // Looks like an address but is none: a name that no DNS has.
    }
  }

  /// Whether an address is inside a network such as `10.0.0.0/8`; false where that is no network.
  static boolean isWithin(InetAddress address, String network) {
    var slash = network.indexOf('/');
    var start = literal(network.substring(0, slash));
    var bits = network.substring(slash + 1);
    return start.isPresent() && bits.matches("[0-9]{1,3}") && shares(address, start.get(), Integer.parseInt(bits));
  }

  private static boolean shares(InetAddress a, InetAddress b, int bits) {
    var x = a.getAddress();
    var y = b.getAddress();
    if (x.length != y.length || bits > x.length * 8) {
      return false;
    }
    for (var bit = 0; bit < bits; bit++) {
      if (((x[bit / 8] ^ y[bit / 8]) & (0x80 >> (bit % 8))) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether a host is, by its address or that of its name, on this machine or in a network of its own. A name that the DNS does
  /// not know is not.
  static boolean isPrivate(String host) {
    try {
      for (var address : InetAddress.getAllByName(host)) {
        if (isPrivate(address)) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException _) {
      return false; // Only a proxy may know it; from here it cannot be reached.
    }
  }

  static boolean isPrivate(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        // Carrier-grade NAT (RFC 6598) and unique local IPv6 (RFC 4193).
        || isWithin(address, "100.64.0.0/10")
        || (address instanceof Inet6Address && isWithin(address, "fc00::/7"));
  }
}
